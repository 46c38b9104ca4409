package miroir.storage;

import com.mongodb.MongoServerException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Where processes agree on what is searched: {@code miroir_search} has a document for each number, which nobody changes, and one with
 * what is in force: {@code {_id: "in force", announced, written, members: {<process>: {number, format, until}}}}.
 *
 * <p>Numbers go up by one ({@link FieldsNumber}). Whoever puts up the document of a number has chosen what that is; whether he lives to announce it or not,
 * whoever announces next does. A process is a member while it answers searches. It says up to which number it knows what is searched, and
 * with the same change what is announced becomes written where all members know it; members whose time has passed by the database's
 * clock go. So all of it is one moment of the document's history, and nobody is overlooked who joins meanwhile: that takes knowing what is announced.
 */
final class SearchBoard {
    private static final String ANNOUNCED = "announced";
    private static final String WRITTEN = "written";
    private static final String MEMBERS = "members";
    private static final String DIGEST = "digest";
    private static final String FORMAT = "format";

    /** MongoDB's limit, less some room. */
    private static final int MOST_BYTES = 15 * 1024 * 1024;

    static final Bson IN_FORCE = Filters.eq(StoredFields.ID, "in force");

    private static final BsonDocument LIVE_MEMBERS = BsonDocument.parse("{$arrayToObject: {$filter: {"
            + "input: {$objectToArray: '$members'}, cond: {$gte: ['$$this.v.until', '$$NOW']}}}}");
    private static final BsonDocument KNOWN_TO_ALL = BsonDocument.parse("{$cond: [{$allElementsTrue: [{$map: {"
            + "input: {$objectToArray: '$members'}, in: {$gte: ['$$this.v.number', '$announced']}}}]},"
            + " '$announced', '$written']}");

    private final StoreDatabase database;
    private final Duration lease;
    private final int format;

    /** Met where processes may be members. */
    private final Bson open;

    /** What a process is called among the members, from when it becomes one until it is none any more. */
    static String newRow() {
        return new ObjectId().toHexString();
    }

    /** Up to which number all know what is searched, and up to which it may be written. */
    record State(long announced, long written) {}

    SearchBoard(StoreDatabase database, Duration lease, int format) {
        this(database, lease, format, FillBoard.BY_NOBODY);
    }

    /**
     * The board of a database.
     *
     * @param format the stored format that this process knows, which it says with every number
     * @param open met where this process may be a member
     */
    SearchBoard(StoreDatabase database, Duration lease, int format, Bson open) {
        this.database = database;
        this.lease = lease;
        this.format = format;
        this.open = open;
    }

    /** Whether somebody fills the database with what another one had: nobody is a member then. */
    boolean isBeingFilled() {
        return FillBoard.isBeingFilled(database);
    }

    /** On a new database that is before the first number. */
    State state() {
        BsonDocument found = find();
        if (found == null) {
            begin();
            found = find();
        }
        return read(Objects.requireNonNull(found));
    }

    private @Nullable BsonDocument find() {
        return board().find(IN_FORCE)
                .projection(Projections.include(ANNOUNCED, WRITTEN))
                .first();
    }

    private void begin() {
        long before = FieldsNumber.beforeFirst(new SecureRandom().nextInt());
        try {
            board().updateOne(
                            IN_FORCE,
                            Updates.combine(
                                    Updates.setOnInsert(ANNOUNCED, before),
                                    Updates.setOnInsert(WRITTEN, before),
                                    Updates.setOnInsert(MEMBERS, new BsonDocument())),
                            new UpdateOptions().upsert(true));
        } catch (MongoServerException e) {
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
        }
    }

    /** Says that a process knows a number; empty where it is no member and the number is not what is announced, or the database is being filled. */
    Optional<State> keep(String row, long number) {
        BsonDocument me = new BsonDocument(
                row,
                new BsonDocument("number", new BsonInt64(number))
                        .append(FORMAT, new BsonInt32(format))
                        .append("until", array("$add", new BsonString("$$NOW"), new BsonInt64(lease.toMillis()))));
        BsonDocument kept = board().findOneAndUpdate(
                        Filters.and(
                                IN_FORCE,
                                open,
                                Filters.or(Filters.eq(ANNOUNCED, number), Filters.exists(MEMBERS + "." + row))),
                        List.of(set(MEMBERS, array("$mergeObjects", LIVE_MEMBERS, me)), set(WRITTEN, KNOWN_TO_ALL)),
                        new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
        return Optional.ofNullable(kept).map(SearchBoard::read);
    }

    /** Nobody waits for that process any more. */
    void leave(String row) {
        board().withWriteConcern(WriteConcern.W1).updateOne(IN_FORCE, Updates.unset(MEMBERS + "." + row));
    }

    /**
     * Whether everybody who is there knows that stored format or a newer one. Who says none is of before there was anything to say, and may stay until he stops.
     */
    boolean allKnowFormat(int wanted) {
        BsonDocument knows = array(
                "$gte",
                array("$ifNull", new BsonString("$$this.v." + FORMAT), new BsonInt32(StoredFormat.FIRST)),
                new BsonInt32(wanted));
        BsonDocument each =
                new BsonDocument("input", new BsonDocument("$objectToArray", LIVE_MEMBERS)).append("in", knows);
        BsonDocument all = array("$allElementsTrue", new BsonDocument("$map", each));
        return board().find(Filters.and(IN_FORCE, Filters.expr(all))).first() != null;
    }

    /**
     * Puts up what a number is; false where somebody else has said what it is.
     *
     * @throws ConfigurationRefused where it is more than a document holds
     */
    boolean putUp(SearchNumber number) {
        RawBsonDocument document = raw(number.document(digest(number.description())));
        int bytes = document.getByteBuffer().remaining();
        if (bytes > MOST_BYTES) {
            throw new ConfigurationRefused(
                    "what is searched",
                    "the files and the stored parameters take " + bytes + " bytes together; at most " + MOST_BYTES
                            + " are kept");
        }
        try {
            board().withDocumentClass(RawBsonDocument.class).insertOne(document);
            return true;
        } catch (MongoServerException e) {
            if (Refusing.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Announces a number that was put up, unless somebody did. */
    void announce(long number) {
        board().updateOne(Filters.and(IN_FORCE, Filters.eq(ANNOUNCED, number - 1)), Updates.set(ANNOUNCED, number));
    }

    /** What a number is; empty where it is not in force any more. */
    Optional<SearchNumber> number(long number) {
        return Optional.ofNullable(
                        board().find(Filters.eq(StoredFields.ID, number)).first())
                .filter(found -> found.keySet().containsAll(SearchNumber.WHILE_IN_FORCE))
                .map(SearchNumber::of);
    }

    /** Whether a description was ever in force up to a number; one that was put up and not announced was not. */
    boolean knows(BsonDocument description, long number) {
        return board().find(Filters.and(Filters.eq(DIGEST, digest(description)), Filters.lte(StoredFields.ID, number)))
                        .projection(Projections.include(StoredFields.ID))
                        .first()
                != null;
    }

    /** Forgets of numbers before this one all but that they were there. */
    void forgetBefore(long number) {
        Bson earlier =
                Filters.and(Filters.lt(StoredFields.ID, number), Filters.exists(SearchNumber.WHILE_IN_FORCE.get(0)));
        board().updateMany(
                        Filters.and(Filters.type(StoredFields.ID, BsonType.INT64), earlier),
                        Updates.combine(SearchNumber.WHILE_IN_FORCE.stream()
                                .map(Updates::unset)
                                .toList()));
    }

    private static State read(BsonDocument document) {
        return new State(
                document.getInt64(ANNOUNCED).getValue(),
                document.getInt64(WRITTEN).getValue());
    }

    private static String digest(BsonDocument description) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(raw(description).getByteBuffer().asNIO());
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static RawBsonDocument raw(BsonDocument document) {
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    private static BsonDocument set(String field, BsonValue value) {
        return new BsonDocument("$set", new BsonDocument(field, value));
    }

    private static BsonDocument array(String operator, BsonValue... values) {
        return new BsonDocument(operator, new BsonArray(List.of(values)));
    }

    private MongoCollection<BsonDocument> board() {
        return database.search();
    }
}
