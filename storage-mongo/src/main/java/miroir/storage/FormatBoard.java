package miroir.storage;

import com.mongodb.MongoServerException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Where a database says in which format it is kept: {@code {_id: "format", number, writers, complete, progress}} in {@code miroir_state}.
 *
 * <p>Every change is one update that is done once, whoever comes first, and numbers only go up: so any number of servers may begin, raise and complete it at once.
 */
final class FormatBoard {
    private static final Bson BY_ID = Filters.eq(StoredFields.ID, new BsonString("format"));
    private static final String NUMBER = "number";
    private static final String WRITERS = "writers";
    private static final String COMPLETE = "complete";
    private static final String PROGRESS = "progress";
    private static final Bson IS_BEHIND = Filters.expr(new BsonDocument(
            "$lt", new BsonArray(List.of(new BsonString("$" + COMPLETE), new BsonString("$" + NUMBER)))));

    /** Whoever starts waits for it, and so does every server once a second. */
    private static final long MOST_MILLIS = 5_000;

    private final MongoDatabase database;

    FormatBoard(MongoDatabase database) {
        this.database = database;
    }

    /** What the database says; where it says nothing it is of the first format, unless there is nothing in it. */
    StoredFormat read(int newest) {
        BsonDocument found = find();
        if (found == null) {
            begin(holdsNothing() ? newest : StoredFormat.FIRST);
            found = find();
        }
        return of(Objects.requireNonNull(found));
    }

    /** The same for who only looks; empty where it says nothing. */
    Optional<StoredFormat> said() {
        return Optional.ofNullable(find()).map(FormatBoard::of);
    }

    private @Nullable BsonDocument find() {
        return board().find(BY_ID).maxTime(MOST_MILLIS, TimeUnit.MILLISECONDS).first();
    }

    private static StoredFormat of(BsonDocument document) {
        return new StoredFormat(
                document.getNumber(NUMBER).intValue(),
                document.getNumber(WRITERS).intValue(),
                document.getNumber(COMPLETE).intValue(),
                document.getString(PROGRESS, new BsonString("")).getValue());
    }

    private boolean holdsNothing() {
        for (String name : database.listCollectionNames()) {
            if (!name.startsWith("system.") && holdsSomething(name)) {
                return false;
            }
        }
        return true;
    }

    private boolean holdsSomething(String collection) {
        return database.getCollection(collection, BsonDocument.class)
                        .find()
                        .projection(Projections.include(StoredFields.ID))
                        .maxTime(MOST_MILLIS, TimeUnit.MILLISECONDS)
                        .first()
                != null;
    }

    private void begin(int number) {
        try {
            board().updateOne(
                            BY_ID,
                            Updates.combine(
                                    Updates.setOnInsert(NUMBER, number),
                                    Updates.setOnInsert(WRITERS, StoredFormat.FIRST),
                                    Updates.setOnInsert(COMPLETE, number)),
                            new UpdateOptions().upsert(true));
        } catch (MongoServerException e) {
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
        }
    }

    /** From now on everything is written in that format, and only who knows one from that other on may go on. */
    void raise(int number, int writers) {
        board().updateOne(
                        Filters.and(BY_ID, Filters.or(Filters.lt(NUMBER, number), Filters.lt(WRITERS, writers))),
                        Updates.combine(Updates.max(NUMBER, number), Updates.max(WRITERS, writers)));
    }

    /** All that is stored is of that format, or of a later one. */
    void complete(int number) {
        board().updateOne(
                        Filters.and(BY_ID, Filters.lt(COMPLETE, number)),
                        Updates.combine(Updates.set(COMPLETE, number), Updates.unset(PROGRESS)));
    }

    /** Says to all how far the work is, where there is any: not who stood still until others had done it. */
    void say(String progress) {
        board().updateOne(Filters.and(BY_ID, IS_BEHIND), Updates.set(PROGRESS, progress));
    }

    private MongoCollection<BsonDocument> board() {
        return database.getCollection("miroir_state", BsonDocument.class);
    }
}
