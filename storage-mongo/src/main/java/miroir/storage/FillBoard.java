package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import miroir.index.Refusal;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody fills the database with what another one had. It stands in the document in which processes that search say that they are there
 * ({@link SearchBoard}): {@code filling: {of, holder, until}}. So one change of one document decides: who searches or writes is a member, nobody becomes
 * one while it is filled, and it is not filled while there is one.
 *
 * <p>Who dies leaves it there: half of a directory is not to be served, whoever filled it. The same may be gone on with when the time of who had it is over.
 */
final class FillBoard {
    static final String WHY = "an import into this database is not complete; it is served once it is";

    private static final String FILLING = "filling";
    private static final String OF = FILLING + ".of";
    private static final String HOLDER = FILLING + ".holder";
    private static final String UNTIL = FILLING + ".until";

    /** Met while nobody fills it. */
    static final Bson BY_NOBODY = Filters.exists(FILLING, false);

    private static final BsonDocument NO_MEMBERS = BsonDocument.parse(
            "{$eq: [{$size: {$filter: {"
                    + "input: {$objectToArray: {$ifNull: ['$members', {}]}}, cond: {$gte: ['$$this.v.until', '$$NOW']}}}}, 0]}");
    private static final BsonDocument NOT_HELD =
            BsonDocument.parse("{$lt: [{$ifNull: ['$filling.until', new Date(0)]}, '$$NOW']}");

    private final StoreDatabase database;
    private final String of;
    private final Duration lease;
    private final String self = new ObjectId().toHexString();

    /**
     * For who fills it.
     *
     * @param of what it is filled with
     * @param lease how long who dies is waited for
     */
    FillBoard(StoreDatabase database, String of, Duration lease) {
        this.database = database;
        this.of = of;
        this.lease = lease;
    }

    /** Whether somebody fills it, or began and did not end. */
    static boolean isBeingFilled(StoreDatabase database) {
        return database.search()
                        .find(Filters.and(SearchBoard.IN_FORCE, Filters.exists(FILLING)))
                        .projection(Projections.include(StoredFields.ID))
                        .first()
                != null;
    }

    /** What it is being filled with; empty where it is not. */
    static Optional<String> with(StoreDatabase database) {
        return Optional.ofNullable(database.search()
                        .find(Filters.and(SearchBoard.IN_FORCE, Filters.exists(FILLING)))
                        .first())
                .map(found -> found.getDocument(FILLING).getString("of").getValue());
    }

    /** Refuses while somebody does. */
    static void requireWhole(StoreDatabase database) {
        if (isBeingFilled(database)) {
            throw new Refusal(Refusal.Reason.NOT_READY, WHY);
        }
    }

    /** Met where only this one fills it. */
    Bson byThis() {
        return Filters.or(BY_NOBODY, Filters.eq(HOLDER, self));
    }

    /**
     * Begins, or goes on; until when it is ours, or empty where processes search there, or somebody else fills it. Who has it takes it again, where he was not told that he had it.
     */
    Optional<Instant> take() {
        Bson free = Filters.and(
                SearchBoard.IN_FORCE,
                Filters.or(BY_NOBODY, Filters.eq(OF, of)),
                Filters.expr(NO_MEMBERS),
                Filters.or(Filters.eq(HOLDER, self), Filters.expr(NOT_HELD)));
        return hold(free);
    }

    /** Has it for longer; who does not have it any more is refused. */
    Instant keep() {
        return hold(Filters.and(SearchBoard.IN_FORCE, Filters.eq(OF, of), Filters.eq(HOLDER, self)))
                .orElseThrow(
                        () -> new Refusal(
                                Refusal.Reason.EXPIRED,
                                "this import stood still for so long that another one has taken its place, or it was given up"));
    }

    private Optional<Instant> hold(Bson where) {
        BsonDocument mine = new BsonDocument("of", new BsonString(of))
                .append("holder", new BsonString(self))
                .append("until", sum(new BsonString("$$NOW"), new BsonInt64(lease.toMillis())));
        BsonDocument held = board().findOneAndUpdate(
                        where,
                        List.of(new BsonDocument("$set", new BsonDocument(FILLING, mine))),
                        new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
        return Optional.ofNullable(held)
                .map(document -> Instant.ofEpochMilli(
                        document.getDocument(FILLING).getDateTime("until").getValue()));
    }

    private static BsonDocument sum(BsonValue one, BsonValue other) {
        return new BsonDocument("$add", new BsonArray(List.of(one, other)));
    }

    /** Ends it, or gives it up where nothing was filled in. */
    void end() {
        board().updateOne(
                        Filters.and(SearchBoard.IN_FORCE, Filters.eq(OF, of), Filters.eq(HOLDER, self)),
                        Updates.unset(FILLING));
    }

    /** Lets others have it at once; what was filled in so far is not whole. */
    void letGo() {
        board().updateOne(
                        Filters.and(SearchBoard.IN_FORCE, Filters.eq(OF, of), Filters.eq(HOLDER, self)),
                        Updates.unset(UNTIL));
    }

    /** What another one fills it with, or began to; empty where nobody does, or it is the same. */
    Optional<String> other() {
        return filling().map(filling -> filling.getString("of").getValue()).filter(other -> !other.equals(of));
    }

    /** Whose time it is that it is waited for, with its end: processes that search, and who fills it with the same. */
    Map<String, BsonValue> inTheWay() {
        Map<String, BsonValue> rows = new TreeMap<>();
        BsonDocument found =
                Objects.requireNonNull(board().find(SearchBoard.IN_FORCE).first());
        found.getDocument("members", new BsonDocument())
                .forEach((row, member) ->
                        rows.put(row, Objects.requireNonNull(member.asDocument().get("until"))));
        @Nullable
        BsonValue until = filling().map(filling -> filling.get("until")).orElse(null);
        if (until != null) {
            rows.put(FILLING, until);
        }
        return rows;
    }

    private Optional<BsonDocument> filling() {
        return Optional.ofNullable(board().find(SearchBoard.IN_FORCE).first())
                .filter(found -> found.isDocument(FILLING))
                .map(found -> found.getDocument(FILLING));
    }

    private MongoCollection<BsonDocument> board() {
        return database.search();
    }
}
