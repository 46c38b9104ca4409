package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOneModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import miroir.storage.IngestResources.Age;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * What {@link CommitVersion} does to one resource, done to many of a type in as many round trips: the same steps in the same
 * order, each for all of them. Who lost to another writer is not told by MongoDB, only how many did; so where some did, those
 * that won are found by what they wrote.
 */
final class CommitBatch {
    private static final BulkWriteOptions WRITES_IN_ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final StoreDatabase database;
    private final KeepVersions keepVersions;
    private final EndVersions endVersions;

    CommitBatch(StoreDatabase database) {
        this.database = database;
        this.keepVersions = new KeepVersions(database);
        this.endVersions = new EndVersions(database);
    }

    /** A version that is to take the place of another. */
    record Change(StoredVersion before, RawBsonDocument document) {
        String id() {
            return before.version().key().id();
        }
    }

    /** Inserts first versions; returns the ids of those that are current now. */
    Set<String> first(String type, List<RawBsonDocument> documents, CommitInstant instant) {
        try {
            database.database()
                    .aggregate(InTime.insertAll(type, documents, instant.before()))
                    .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .toCollection();
            return ids(documents);
        } catch (MongoCommandException e) {
            if (InTime.isLate(e)) {
                return Set.of();
            }
            if (Refusing.isDuplicateKey(e)) {
                return current(type, documents);
            }
            throw e;
        }
    }

    /** Puts versions in the place of those before them; returns the ids of those that are current now. */
    Set<String> next(String type, List<Change> changes, Age age, CommitInstant instant) {
        keepVersions.run(type, changes.stream().map(Change::before).toList());
        List<RawBsonDocument> documents = changes.stream().map(Change::document).toList();
        List<ReplaceOneModel<RawBsonDocument>> replacements = changes.stream()
                .map(change -> replacement(change, age, instant))
                .toList();
        int matched = database.current(type)
                .bulkWrite(replacements, WRITES_IN_ANY_ORDER)
                .getMatchedCount();
        Set<String> won = matched == changes.size() ? ids(documents) : current(type, documents);
        List<StoredVersion> replaced = changes.stream()
                .filter(change -> won.contains(change.id()))
                .map(Change::before)
                .toList();
        endVersions.run(type, replaced, instant.from());
        return won;
    }

    private static ReplaceOneModel<RawBsonDocument> replacement(Change change, Age age, CommitInstant instant) {
        Bson unchanged = Filters.and(
                Filters.eq(StoredFields.ID, change.id()),
                Filters.eq(StoredFields.VERSION, change.before().version().version()),
                age == Age.ANY ? Filters.empty() : notNewerThan(change.document()),
                InTime.condition(instant));
        return new ReplaceOneModel<>(unchanged, change.document());
    }

    /** What was this server's own has no such instant. */
    private static Bson notNewerThan(RawBsonDocument document) {
        return Filters.not(Filters.gt(StoredFields.UPSTREAM, document.get(StoredFields.UPSTREAM)));
    }

    /**
     * Those of the documents that are current: recognised by position, version and instant, and by their content, since others may have begun at the same millisecond
     * with the same version.
     */
    Set<String> current(String type, List<RawBsonDocument> documents) {
        List<Bson> any = documents.stream()
                .map(document -> Filters.and(
                        same(document, StoredFields.ID),
                        same(document, StoredFields.VERSION),
                        same(document, StoredFields.FROM),
                        same(document, StoredFields.HASH),
                        same(document, StoredFields.POSITION),
                        same(document, StoredFields.POSITION_KEPT)))
                .toList();
        return ids(database.current(type)
                .find(Filters.or(any))
                .projection(Projections.include(StoredFields.ID))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .into(new ArrayList<>()));
    }

    private static Bson same(RawBsonDocument document, String field) {
        BsonValue value = document.get(field);
        return value == null ? Filters.exists(field, false) : Filters.eq(field, value);
    }

    private static Set<String> ids(List<RawBsonDocument> documents) {
        Set<String> ids = new HashSet<>();
        documents.forEach(
                document -> ids.add(document.getString(StoredFields.ID).getValue()));
        return ids;
    }
}
