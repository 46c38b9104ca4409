package miroir.storage;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives versions whose {@code t_*} fields are of an older number of what is searched those of a newer one.
 *
 * <p>The problem: a parameter that is new finds nothing in what was written before it, and says so to nobody. Every document
 * carries the number {@code x} of its fields, so those that are behind can be told, but asking a collection for them
 * reads all of it, which an ordinary start must not pay for, and writers go on meanwhile.
 *
 * <p>The approach: it begins when nothing older can be committed any more ({@link Floors#close}). The collection is read once, in the order in
 * which it lies on disk, for documents that are behind. Each gets its fields anew where it still has the version and the number
 * that were read; neither version nor instant changes. Where it has not, it is read again: somebody may have brought it forward in place,
 * though not as far. Nobody gives a document older fields than it has. The current versions come first, for they are what is searched. A
 * copy that a writer puts into history, who had read the version before and stood still, counts only once that version has a successor, and
 * whoever makes that puts the newer copy in its place ({@link KeepVersions}). So what was read once holds nothing that is behind, and the
 * mark of the type ({@link FieldsMarks}) says so for ever. What a kill leaves is a part that is done and no mark: whoever goes on reads
 * that part, and does the rest.
 *
 * <p>The cost: by itself half of the time, since each batch is followed by a pause as long as itself, so that others find the database. An index on {@code x} would make
 * the mark superfluous. It would also be one more to maintain in every write, for a question that is asked once per change.
 */
final class RefreshFields {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshFields.class);
    private static final int BATCH = 200;
    private static final int BATCH_BYTES = 8 * 1024 * 1024;
    private static final long SAY_EVERY = Duration.ofSeconds(1).toNanos();

    private final StoreDatabase database;
    private final FieldsMarks marks;
    private final int documentsPerSecond;
    private final Duration lease;
    private final Map<String, HoldJob> jobs = new ConcurrentHashMap<>();

    RefreshFields(StoreDatabase database, FieldsMarks marks, int documentsPerSecond, Duration lease) {
        this.database = database;
        this.marks = marks;
        this.documentsPerSecond = documentsPerSecond;
        this.lease = lease;
    }

    /**
     * Does it, unless somebody else is about it; the mark of the type tells whether it is done.
     *
     * @param goesOn asked between batches
     */
    void run(String type, VersionDocuments documents, BooleanSupplier goesOn) {
        HoldJob job = Objects.requireNonNull(
                jobs.computeIfAbsent(type, same -> new HoldJob(database, "fields of " + same, lease)));
        if (job.take(true).isEmpty()) {
            return;
        }
        try {
            new OneType(type, documents, () -> goesOn.getAsBoolean() && job.keepWhereDue()).run();
        } finally {
            job.letGo();
        }
    }

    /** The same for a type of which there is nothing yet, and nobody waits for anybody. */
    void runOnNothing(String type, VersionDocuments documents) {
        new OneType(type, documents, () -> true).run();
    }

    private final class OneType {
        private final String type;
        private final VersionDocuments documents;
        private final long number;
        private final BooleanSupplier goesOn;
        private long atMost;
        private long done;
        private long left;
        private long said = System.nanoTime();

        OneType(String type, VersionDocuments documents, BooleanSupplier goesOn) {
            this.type = type;
            this.documents = documents;
            this.number = documents.fieldsNumber(type);
            this.goesOn = goesOn;
        }

        void run() {
            MongoCollection<RawBsonDocument> current = database.current(type);
            MongoCollection<RawBsonDocument> history = database.history(type);
            atMost = current.estimatedDocumentCount() + history.estimatedDocumentCount();
            if (atMost > 0) {
                marks.say(type, progress());
            }
            boolean all = all(current, id -> id.asString().getValue())
                    && all(
                            history,
                            id -> id.asDocument()
                                    .getString(StoredFields.HISTORY_ID)
                                    .getValue());
            if (all) {
                marks.write(type, number, left);
            }
            if (done > 0) {
                LOG.info("search fields of {} versions of {} were made anew", done, type);
            }
        }

        private String progress() {
            return done + " made anew of at most " + Math.max(done, atMost);
        }

        /** Whatever the primary has is read, acknowledged by the majority or not yet: it may be soon. */
        private boolean all(MongoCollection<RawBsonDocument> collection, Function<BsonValue, String> idOf) {
            List<RawBsonDocument> batch = new ArrayList<>();
            int bytes = 0;
            try (MongoCursor<RawBsonDocument> cursor = behind(collection, Filters.empty())) {
                while (cursor.hasNext()) {
                    RawBsonDocument document = cursor.next();
                    batch.add(document);
                    bytes += document.getByteBuffer().remaining();
                    if (batch.size() == BATCH || bytes > BATCH_BYTES) {
                        if (!refresh(collection, batch, idOf)) {
                            return false;
                        }
                        bytes = 0;
                    }
                }
            }
            return refresh(collection, batch, idOf);
        }

        private MongoCursor<RawBsonDocument> behind(MongoCollection<RawBsonDocument> collection, Bson among) {
            Bson behind = Filters.and(FieldsNumber.isBelow(number), Filters.exists(StoredFields.FHIR), among);
            return database.patiently(collection)
                    .withReadConcern(ReadConcern.LOCAL)
                    .find(behind)
                    .batchSize(BATCH)
                    .cursor();
        }

        /** Whether it is to go on. */
        private boolean refresh(
                MongoCollection<RawBsonDocument> collection,
                List<RawBsonDocument> batch,
                Function<BsonValue, String> idOf) {
            long began = System.nanoTime();
            int size = batch.size();
            List<RawBsonDocument> changed = List.copyOf(batch);
            batch.clear();
            while (!changed.isEmpty()) {
                if (!goesOn.getAsBoolean()) {
                    return false;
                }
                changed = changed(collection, changed, idOf);
            }
            if (size > 0) {
                sayHowFar();
                pause(began, size);
            }
            return true;
        }

        /** Those that are behind still, because somebody else changed them meanwhile. */
        private List<RawBsonDocument> changed(
                MongoCollection<RawBsonDocument> collection,
                List<RawBsonDocument> batch,
                Function<BsonValue, String> idOf) {
            List<UpdateOneModel<RawBsonDocument>> updates = new ArrayList<>();
            List<BsonValue> ids = new ArrayList<>();
            for (RawBsonDocument document : batch) {
                BsonValue id = document.get(StoredFields.ID);
                if (add(updates, StoredVersion.of(new ResourceKey(type, idOf.apply(id)), document))) {
                    ids.add(id);
                }
            }
            int matched = updates.isEmpty()
                    ? 0
                    : collection
                            .bulkWrite(updates, new BulkWriteOptions().ordered(false))
                            .getMatchedCount();
            done += matched;
            return matched == updates.size() ? List.of() : again(collection, ids);
        }

        private List<RawBsonDocument> again(MongoCollection<RawBsonDocument> collection, List<BsonValue> ids) {
            List<RawBsonDocument> behind = new ArrayList<>();
            try (MongoCursor<RawBsonDocument> cursor = behind(collection, Filters.in(StoredFields.ID, ids))) {
                cursor.forEachRemaining(behind::add);
            }
            return behind;
        }

        /** A version that cannot get its fields is counted, so that it holds up neither the others nor the server. */
        private boolean add(List<UpdateOneModel<RawBsonDocument>> updates, StoredVersion behind) {
            BsonDocument fields;
            try {
                fields = documents.changeOfFields(behind);
            } catch (RuntimeException e) {
                LOG.warn(
                        "{} version {} keeps its search fields",
                        behind.version().key(),
                        behind.version().version(),
                        e);
                left++;
                return false;
            }
            updates.add(new UpdateOneModel<>(
                    Filters.and(
                            Filters.eq(StoredFields.ID, behind.document().get(StoredFields.ID)),
                            Filters.eq(StoredFields.VERSION, behind.version().version()),
                            Filters.eq(
                                    StoredFields.GENERATION,
                                    behind.document().get(StoredFields.GENERATION, BsonNull.VALUE))),
                    fields));
            return true;
        }

        private void sayHowFar() {
            if (System.nanoTime() - said > SAY_EVERY) {
                said = System.nanoTime();
                marks.say(type, progress());
            }
        }

        private void pause(long began, int size) {
            long took = System.nanoTime() - began;
            long pause = documentsPerSecond == 0 ? took : TimeUnit.SECONDS.toNanos(size) / documentsPerSecond - took;
            if (pause > 0) {
                LockSupport.parkNanos(pause);
            }
        }
    }
}
