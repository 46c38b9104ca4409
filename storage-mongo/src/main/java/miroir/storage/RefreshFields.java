package miroir.storage;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives versions that were stored under another configuration of search the {@code t_*} fields of today's.
 *
 * <p>The problem: a parameter that is new finds nothing in what was written before it, and says so to nobody. Every document
 * carries the generation {@code x} of its fields, so those that are behind can be told, but asking a collection for them
 * reads all of it, which an ordinary start must not pay for.
 *
 * <p>So each type has a mark in {@code miroir_state}: the generation that all its documents have, and the identities of its
 * two collections. It is written when the last document has been seen to. A start compares it, one read; a collection
 * that was restored in place of another has another identity, and is looked through again. Where the mark differs, the
 * collection is read once, in the order in which it lies on disk, for documents of other generations. Each gets its fields
 * anew where it still has the version and the generation that were read; neither version nor instant changes. Who writes
 * meanwhile writes today's fields anyway, into history as well, so nothing that is behind can appear in what was read.
 * What a kill leaves is a part that is done and no mark: the next start goes on with the rest. The current versions come
 * first, for they are what is searched.
 *
 * <p>An index on {@code x} would make the mark superfluous. It would also be one more to maintain in every write, for a question
 * that is asked once per start.
 */
final class RefreshFields {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshFields.class);
    private static final int BATCH = 200;
    private static final int BATCH_BYTES = 8 * 1024 * 1024;

    private final StoreDatabase database;
    private final VersionDocuments documents;
    private final Map<String, Progress> progress = new ConcurrentHashMap<>();
    private final Map<String, Long> left = new ConcurrentHashMap<>();

    RefreshFields(StoreDatabase database, VersionDocuments documents) {
        this.database = database;
        this.documents = documents;
    }

    /** Returns when all versions of the type have the fields of today, but those that cannot get them. */
    void run(String type) {
        BsonDocument mark = mark(type);
        Bson byId = Filters.eq(StoredFields.ID, mark.get(StoredFields.ID));
        if (mark.equals(database.state().find(byId).first())) {
            return;
        }
        left.remove(type);
        try {
            refresh(type);
        } finally {
            progress.remove(type);
        }
        if (!left.containsKey(type)) {
            database.state().replaceOne(byId, mark, new ReplaceOptions().upsert(true));
        }
    }

    /** In words, one sentence per type that is being worked on. */
    List<String> progress() {
        return progress.entrySet().stream()
                .map(each -> "search fields of " + each.getKey() + ": " + each.getValue())
                .toList();
    }

    /** How many versions kept older search fields because today's could not be made or do not fit, by type. */
    Map<String, Long> left() {
        return new TreeMap<>(left);
    }

    private BsonDocument mark(String type) {
        BsonDocument mark = new BsonDocument(StoredFields.ID, StoreDatabase.stateId("fields", type))
                .append(StoredFields.GENERATION, new BsonInt32(documents.generation(type)));
        mark.putAll(database.identities(type));
        return mark;
    }

    private void refresh(String type) {
        MongoCollection<RawBsonDocument> current = database.current(type);
        MongoCollection<RawBsonDocument> history = database.history(type);
        progress.put(type, new Progress(0, current.estimatedDocumentCount() + history.estimatedDocumentCount()));
        refresh(type, current, document -> document.getString(StoredFields.ID).getValue());
        refresh(
                type,
                history,
                document -> document.getDocument(StoredFields.ID)
                        .getString(StoredFields.HISTORY_ID)
                        .getValue());
        long done = Objects.requireNonNull(progress.get(type)).done();
        if (done > 0) {
            LOG.info("search fields of {} versions of {} were made anew", done, type);
        }
    }

    /** Whatever the primary has is read, acknowledged by the majority or not yet: it may be soon. */
    private void refresh(
            String type, MongoCollection<RawBsonDocument> collection, Function<RawBsonDocument, String> id) {
        Bson behind = Filters.and(
                Filters.ne(StoredFields.GENERATION, documents.generation(type)), Filters.exists(StoredFields.FHIR));
        List<UpdateOneModel<RawBsonDocument>> updates = new ArrayList<>();
        int bytes = 0;
        try (MongoCursor<RawBsonDocument> cursor = database.patiently(collection)
                .withReadConcern(ReadConcern.LOCAL)
                .find(behind)
                .batchSize(BATCH)
                .cursor()) {
            while (cursor.hasNext()) {
                RawBsonDocument document = cursor.next();
                add(updates, StoredVersion.of(new ResourceKey(type, id.apply(document)), document));
                bytes += document.getByteBuffer().remaining();
                if (updates.size() == BATCH || bytes > BATCH_BYTES) {
                    write(type, collection, updates);
                    bytes = 0;
                }
            }
        }
        write(type, collection, updates);
    }

    /** A version that cannot get its fields is counted, so that it holds up neither the others nor the server. */
    private void add(List<UpdateOneModel<RawBsonDocument>> updates, StoredVersion behind) {
        BsonDocument fields;
        try {
            fields = documents.changeOfFields(behind);
        } catch (RuntimeException e) {
            ResourceKey key = behind.version().key();
            LOG.warn(
                    "{} version {} keeps its search fields",
                    key,
                    behind.version().version(),
                    e);
            left.merge(key.type(), 1L, Long::sum);
            return;
        }
        updates.add(new UpdateOneModel<>(
                Filters.and(
                        Filters.eq(StoredFields.ID, behind.document().get(StoredFields.ID)),
                        Filters.eq(StoredFields.VERSION, behind.version().version()),
                        Filters.eq(
                                StoredFields.GENERATION,
                                behind.document().get(StoredFields.GENERATION, BsonNull.VALUE))),
                fields));
    }

    private void write(
            String type, MongoCollection<RawBsonDocument> collection, List<UpdateOneModel<RawBsonDocument>> updates) {
        if (!updates.isEmpty()) {
            collection.bulkWrite(updates, new BulkWriteOptions().ordered(false));
            progress.computeIfPresent(type, (each, before) -> before.plus(updates.size()));
            updates.clear();
        }
    }

    /** What was done, of at most how many: those that are up to date already are not known. */
    private record Progress(long done, long atMost) {
        Progress plus(long more) {
            return new Progress(done + more, atMost);
        }

        @Override
        public String toString() {
            return done + " made anew of at most " + Math.max(done, atMost);
        }
    }
}
