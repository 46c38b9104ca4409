package miroir.storage;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * All rows in one document, so that what is read is one moment of the database's history and what is changed is the next
 * one: {@code {_id: "floors", now, closed, rows: {<row>: {floor, c, until}}}}.
 *
 * <p>{@code now} never goes back, whatever the clocks of primaries do. Looking writes it, with a majority, and that one
 * write does four things: it proves that the one who answers is still the primary, it makes sure that everything that was
 * applied before is known to a majority, it keeps the instant that is answered from being given to a later row, and it
 * removes rows that have expired, so that none can be renewed that somebody has already ignored. A linearizable read
 * would do the first two, and took 100 ms where the journal is not flushed for it.
 */
final class MongoFloors implements Floors {
    private static final String NOW = "now";
    private static final String ROWS = "rows";
    private static final String FLOOR = "floor";
    private static final String NUMBER = "c";
    private static final String UNTIL = "until";
    private static final String CLOSED = "closed";
    private static final Bson BOARD = Filters.eq(StoredFields.ID, "floors");

    private static final BsonDocument LATEST = BsonDocument.parse("{$max: ['$now', '$$NOW']}");
    private static final BsonDocument CLOSED_SO_FAR = BsonDocument.parse("{$ifNull: ['$closed', {$numberLong: '0'}]}");
    private static final BsonDocument LIVE_ROWS = BsonDocument.parse("{$arrayToObject: {$filter: {"
            + "input: {$objectToArray: {$ifNull: ['$rows', {}]}}, cond: {$gte: ['$$this.v.until', '$$NOW']}}}}");

    private static final BsonDocument NUMBER_OF_ROW =
            BsonDocument.parse("{$ifNull: ['$$this.v.c', {$numberLong: '0'}]}");

    private final StoreDatabase database;

    MongoFloors(StoreDatabase database) {
        this.database = database;
    }

    @Override
    public FloorBoard look(Deadline deadline) {
        return change(LIVE_ROWS, CLOSED_SO_FAR, asAfter().maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS));
    }

    @Override
    public FloorBoard take(String row, Promise promise, Instant until) {
        BsonDocument values = new BsonDocument(
                        FLOOR, new BsonDateTime(promise.floor().toEpochMilli()))
                .append(NUMBER, new BsonInt64(promise.number()))
                .append(UNTIL, new BsonDateTime(until.toEpochMilli()));
        BsonDocument taken = array("$mergeObjects", LIVE_ROWS, new BsonDocument(row, values));
        BsonDocument isClosed = FieldsNumber.isAtLeast(CLOSED_SO_FAR, promise.number() + 1);
        return change(array("$cond", isClosed, LIVE_ROWS, taken), CLOSED_SO_FAR, asAfter());
    }

    /** Rows of those who do not know of numbers say nothing about them. */
    @Override
    public boolean close(long number) {
        BsonDocument others = new BsonDocument("$not", FieldsNumber.isAtLeast(NUMBER_OF_ROW, number));
        BsonDocument below = new BsonDocument(
                "$filter",
                new BsonDocument("input", new BsonDocument("$objectToArray", LIVE_ROWS)).append("cond", others));
        BsonDocument isLater = FieldsNumber.isAtLeast(CLOSED_SO_FAR, number);
        BsonDocument mayClose = array("$and", array("$eq", below, new BsonArray()), new BsonDocument("$not", isLater));
        BsonDocument closed = array("$cond", mayClose, new BsonInt64(number), CLOSED_SO_FAR);
        return FieldsNumber.isAtLeast(change(LIVE_ROWS, closed, asAfter()).closed(), number);
    }

    private static BsonDocument array(String operator, BsonValue... values) {
        return new BsonDocument(operator, new BsonArray(List.of(values)));
    }

    /** Needs no majority: what is promised is true, and what a failover takes back is an older truth. */
    @Override
    public boolean publish(String row, Promise promise) {
        return board().withWriteConcern(WriteConcern.W1)
                        .updateOne(withRow(row), raise(row, promise))
                        .getMatchedCount()
                == 1;
    }

    @Override
    public boolean renew(String row, Promise promise, Instant until) {
        Bson update = Updates.combine(raise(row, promise), Updates.max(field(row, UNTIL), Date.from(until)));
        return board().updateOne(withRow(row), update).getMatchedCount() == 1;
    }

    private static Bson raise(String row, Promise promise) {
        return Updates.combine(
                Updates.max(field(row, FLOOR), Date.from(promise.floor())),
                Updates.max(field(row, NUMBER), promise.number()));
    }

    @Override
    public void giveUp(String row) {
        board().withWriteConcern(WriteConcern.W1).updateOne(BOARD, Updates.unset(ROWS + "." + row));
    }

    private static FindOneAndUpdateOptions asAfter() {
        return new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);
    }

    /** Has all commits from now on be later than an instant: versions of before came from where the clock was ahead perhaps. */
    void beginAbove(Instant instant) {
        BsonDocument latest = array("$max", LATEST, new BsonDateTime(instant.toEpochMilli()));
        change(latest, LIVE_ROWS, CLOSED_SO_FAR, asAfter());
    }

    private FloorBoard change(BsonValue rows, BsonValue closed, FindOneAndUpdateOptions options) {
        return change(LATEST, rows, closed, options);
    }

    private FloorBoard change(BsonValue now, BsonValue rows, BsonValue closed, FindOneAndUpdateOptions options) {
        BsonDocument board = board().findOneAndUpdate(
                        BOARD,
                        List.of(new BsonDocument(
                                "$set",
                                new BsonDocument(NOW, now).append(ROWS, rows).append(CLOSED, closed))),
                        options);
        return read(Objects.requireNonNull(board));
    }

    private static FloorBoard read(BsonDocument board) {
        Map<String, Instant> floors = new LinkedHashMap<>();
        board.getDocument(ROWS).forEach((row, values) -> floors.put(row, instant(values.asDocument(), FLOOR)));
        return new FloorBoard(instant(board, NOW), board.getInt64(CLOSED).getValue(), floors);
    }

    private static Instant instant(BsonDocument document, String field) {
        return Instant.ofEpochMilli(document.getDateTime(field).getValue());
    }

    private MongoCollection<BsonDocument> board() {
        return database.floors();
    }

    private static Bson withRow(String row) {
        return Filters.and(BOARD, Filters.exists(ROWS + "." + row));
    }

    private static String field(String row, String name) {
        return ROWS + "." + row + "." + name;
    }
}
