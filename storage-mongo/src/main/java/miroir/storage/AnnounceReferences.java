package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import miroir.index.store.ResourceKey;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces that references to some resources are about to be written: {@code {_id, targets, until}} beside the guards, for a time by
 * the primary's clock. What is left of those who died MongoDB removes, as with guards.
 */
final class AnnounceReferences {
    private static final Logger LOG = LoggerFactory.getLogger(AnnounceReferences.class);
    private static final String TARGETS = "targets";
    private static final String UNTIL = "until";
    private static final BsonString NOW = new BsonString("$$NOW");
    private static final FindOneAndUpdateOptions INSERT =
            new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);

    private final StoreDatabase database;
    private final Duration length;
    private volatile boolean indexed;

    AnnounceReferences(StoreDatabase database, Duration length) {
        this.database = database;
        this.length = length;
    }

    /** Announcements for another time; their index is there. */
    AnnounceReferences lasting(Duration other) {
        AnnounceReferences announceReferences = new AnnounceReferences(database, other);
        announceReferences.indexed = true;
        return announceReferences;
    }

    /**
     * An announcement.
     *
     * @param until by the primary's clock
     */
    record Announced(String id, Instant until) {}

    /** The name of the guard that whoever deletes a resource takes. */
    static String guard(ResourceKey key) {
        return "delete " + key;
    }

    Announced run(Collection<ResourceKey> targets) {
        prepare();
        String id = "refer " + new ObjectId().toHexString();
        BsonArray names = new BsonArray();
        targets.forEach(target -> names.add(new BsonString(target.toString())));
        BsonDocument announcement = new BsonDocument(StoredFields.ID, new BsonString(id))
                .append(TARGETS, new BsonDocument("$literal", names))
                .append(UNTIL, new BsonDocument("$add", new BsonArray(List.of(NOW, new BsonInt64(length.toMillis())))));
        BsonDocument made = Objects.requireNonNull(database.guards()
                .findOneAndUpdate(
                        Filters.eq(StoredFields.ID, id),
                        List.of(new BsonDocument("$replaceWith", announcement)),
                        INSERT));
        return new Announced(id, Instant.ofEpochMilli(made.getDateTime(UNTIL).getValue()));
    }

    /** Needs no majority, and may fail: what is not withdrawn lasts until its end. */
    void withdraw(Announced announced) {
        try {
            database.guards().withWriteConcern(WriteConcern.W1).deleteOne(Filters.eq(StoredFields.ID, announced.id()));
        } catch (MongoException e) {
            LOG.debug("the announcement {} is left to expire", announced.id(), e);
        }
    }

    /** Whether somebody has announced a reference to one of these. */
    boolean isAnyAnnounced(Collection<ResourceKey> targets) {
        prepare();
        return isAny(
                Filters.in(TARGETS, targets.stream().map(ResourceKey::toString).toList()));
    }

    /** Whether somebody is deleting one of these. */
    boolean isAnyGuarded(Collection<ResourceKey> targets) {
        return isAny(Filters.in(
                StoredFields.ID, targets.stream().map(AnnounceReferences::guard).toList()));
    }

    private boolean isAny(Bson which) {
        Bson holds = Filters.expr(new BsonDocument("$gt", new BsonArray(List.of(new BsonString("$" + UNTIL), NOW))));
        CountOptions one =
                new CountOptions().limit(1).maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return database.guards().countDocuments(Filters.and(which, holds), one) > 0;
    }

    /** Makes the index by which they are found; whoever needs it first makes it. */
    void prepare() {
        if (!indexed) {
            database.guards().createIndex(Indexes.ascending(TARGETS), new IndexOptions().sparse(true));
            database.guards()
                    .createIndex(Indexes.ascending(UNTIL), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
            indexed = true;
        }
    }
}
