package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * Keeps a query that is too long for a link until the link expires; MongoDB deletes it then. The name is the query's hash,
 * so that the pages of one search, and the same search made again, keep one document and only move its end.
 *
 * <p>Whoever may search may have something kept, so there is a bound: where all that is kept is beyond it, another query is
 * refused until some have expired. Dropping the oldest instead would let one client break the links of the others. How
 * much there is MongoDB knows without counting; servers that ask at the same time exceed the bound by a query each.
 */
final class KeepQuery {
    static final String QUERY = "query";
    private static final List<BsonDocument> SIZE = List.of(
            BsonDocument.parse("{$collStats: {storageStats: {}}}"),
            BsonDocument.parse("{$project: {size: '$storageStats.size'}}"));
    private static final String UNTIL = "until";
    private static final int MEGABYTE = 1024 * 1024;
    private static final int LONGEST = MEGABYTE;

    /** As the queries are, before MongoDB compresses them. */
    private static final long MOST = 1024L * MEGABYTE;

    private final StoreDatabase database;
    private final long most;
    private volatile boolean expiring;

    KeepQuery(StoreDatabase database) {
        this(database, MOST);
    }

    KeepQuery(StoreDatabase database, long most) {
        this.database = database;
        this.most = most;
    }

    String run(byte[] query, Instant until) {
        if (query.length > LONGEST) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the search has " + query.length + " bytes; at most " + LONGEST
                            + " are kept for the link to its next page: ask for fewer values");
        }
        String name = HashName.of(query);
        MongoCollection<BsonDocument> queries = expiring();
        Bson byName = Filters.eq(StoredFields.ID, name);
        Bson later = Updates.max(UNTIL, Date.from(until));
        if (queries.updateOne(byName, later).getMatchedCount() == 0) {
            refuseWhereFull(queries);
            Bson kept = Updates.combine(Updates.setOnInsert(QUERY, new BsonBinary(query)), later);
            queries.updateOne(byName, kept, new UpdateOptions().upsert(true));
        }
        return name;
    }

    private void refuseWhereFull(MongoCollection<BsonDocument> queries) {
        BsonDocument statistics = queries.aggregate(SIZE).first();
        if (statistics != null && statistics.getNumber("size").longValue() >= most) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "long searches of which links to next pages work take " + most / MEGABYTE
                            + " MB, and no more are kept: try again later, or ask for fewer values or a larger _count");
        }
    }

    /** The collection with the index by which its documents expire; whoever needs it first makes it. */
    private MongoCollection<BsonDocument> expiring() {
        MongoCollection<BsonDocument> queries = database.queries();
        if (!expiring) {
            queries.createIndex(Indexes.ascending(UNTIL), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
            expiring = true;
        }
        return queries;
    }
}
