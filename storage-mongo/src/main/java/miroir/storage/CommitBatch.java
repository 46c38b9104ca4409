package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOneModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.storage.IngestResources.Age;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * What {@link CommitVersion} does to one resource, done to many of a type in as many round trips: the same steps in the same
 * order, each for all of them. Who lost to another writer is not told by MongoDB, only how many did; so where some did, those
 * that won are found by what they wrote: it is current, or was and is in history by now, since nothing takes the place of a version
 * that is not there. Whoever looked at what is current only would write a second time what others have already followed.
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

    /** Inserts first versions; returns the ids of those that were. */
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
            if (Refusing.isKnown(e) && Refusing.isDuplicateKey(e)) {
                return won(type, documents);
            }
            throw e;
        }
    }

    /** Puts versions in the place of those before them; returns the ids of those that were. */
    Set<String> next(String type, List<Change> changes, Age age, CommitInstant instant) {
        keepVersions.run(type, changes.stream().map(Change::before).toList());
        List<RawBsonDocument> documents = changes.stream().map(Change::document).toList();
        List<ReplaceOneModel<RawBsonDocument>> replacements = changes.stream()
                .map(change -> replacement(change, age, instant))
                .toList();
        int matched = database.current(type)
                .bulkWrite(replacements, WRITES_IN_ANY_ORDER)
                .getMatchedCount();
        Set<String> won = matched == changes.size() ? ids(documents) : won(type, documents);
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

    /** The ids of those of the documents that became current, whoever followed them. */
    Set<String> won(String type, List<RawBsonDocument> documents) {
        Set<String> won = new HashSet<>();
        find(database.current(type), documents, document -> document.getString(StoredFields.ID))
                .forEach(found -> won.add(found.getString(StoredFields.ID).getValue()));
        List<RawBsonDocument> others =
                documents.stream().filter(each -> !won.contains(id(each))).toList();
        if (!others.isEmpty()) {
            find(database.history(type), others, CommitBatch::historyId)
                    .forEach(found -> won.add(HistoryIds.resource(found)));
        }
        return won;
    }

    /**
     * Recognised by position, version and instant, and by their content, since others may have begun at the same millisecond with the
     * same version.
     */
    private List<RawBsonDocument> find(
            MongoCollection<RawBsonDocument> side,
            List<RawBsonDocument> documents,
            Function<RawBsonDocument, BsonValue> idThere) {
        List<Bson> any = documents.stream()
                .map(document -> Filters.and(
                        Filters.eq(StoredFields.ID, idThere.apply(document)),
                        same(document, StoredFields.VERSION),
                        same(document, StoredFields.FROM),
                        same(document, StoredFields.HASH),
                        same(document, StoredFields.POSITION),
                        same(document, StoredFields.POSITION_KEPT)))
                .toList();
        return side.find(Filters.or(any))
                .projection(Projections.include(StoredFields.ID))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .into(new ArrayList<>());
    }

    private static BsonValue historyId(RawBsonDocument document) {
        return HistoryIds.of(
                id(document), document.getInt64(StoredFields.VERSION).getValue());
    }

    private static String id(RawBsonDocument document) {
        return document.getString(StoredFields.ID).getValue();
    }

    private static Bson same(RawBsonDocument document, String field) {
        BsonValue value = document.get(field);
        return value == null ? Filters.exists(field, false) : Filters.eq(field, value);
    }

    private static Set<String> ids(List<RawBsonDocument> documents) {
        return documents.stream().map(CommitBatch::id).collect(Collectors.toSet());
    }
}
