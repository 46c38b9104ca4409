package miroir.storage;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives versions whose {@code t_*} fields are of an older number of what is searched those of a newer one.
 *
 * <p>The problem: a parameter that is new finds nothing in what was written before it, and says so to nobody. Every document
 * carries the number {@code x} of its fields, so those that are behind can be told, but asking a collection for them
 * reads all of it, which an ordinary start must not pay for, and writers go on meanwhile.
 *
 * <p>The approach: it begins when nothing older can be committed any more ({@link Floors#close}). Before a collection is read, something is
 * written with a majority over the same connections: a primary that was replaced without knowing it could lack what was committed last. A
 * majority has all that is older then, and no more is read: fields that were made anew could be taken back by a failover. The
 * collection is read once, in the order in which it lies on disk, and of each document no more than its number. Those that are behind are
 * read whole, and each gets its fields anew where it still has the version and the number that were read; neither version nor instant
 * changes. Where it has not, it is read again: somebody may have brought it forward in place,
 * though not as far. Nobody gives a document older fields than it has. The current versions come first, for they are what is searched. A
 * copy that a writer puts into history, who had read the version before and stood still, counts only once that version has a successor, and
 * whoever makes that puts the newer copy in its place ({@link KeepVersions}). So what was read once holds nothing that is behind, and the
 * mark of the type ({@link FieldsMarks}) says so for ever. What a kill leaves is a part that is done and no mark: whoever goes on reads
 * that part, and does the rest.
 *
 * <p>Nothing takes long of which the one who holds the job hears nothing: not the reading of what is done already, for the database
 * would say nothing until it found something to do, and not a pause.
 *
 * <p>The cost: by itself half of the time, since each batch is followed by a pause as long as it took to read and to write, so that others
 * find the database. An index on {@code x} would make
 * the mark superfluous. It would also be one more to maintain in every write, for a question that is asked once per change.
 */
final class RefreshFields {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshFields.class);
    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);
    private static final int BATCH = 200;
    private static final int BATCH_BYTES = 8 * 1024 * 1024;
    private static final long SAY_EVERY = Duration.ofSeconds(1).toNanos();

    /** Unauthorized, LockTimeout, MaxTimeMSExpired, OutOfDiskSpace: said of one write, and true of all. */
    private static final Set<Integer> NO_FAULT_OF_ONE = Set.of(13, 24, 50, 14031);

    private final StoreDatabase database;
    private final FieldsMarks marks;
    private final int documentsPerSecond;
    private final int batch;
    private final Duration lease;

    /** A pause is not longer without a look at whether it is to go on. */
    private final long slice;

    private final Map<String, HoldJob> jobs = new ConcurrentHashMap<>();

    RefreshFields(StoreDatabase database, FieldsMarks marks, int documentsPerSecond, Duration lease) {
        this.database = database;
        this.marks = marks;
        this.documentsPerSecond = documentsPerSecond;
        this.batch = documentsPerSecond == 0 ? BATCH : Math.min(BATCH, documentsPerSecond);
        this.lease = lease;
        this.slice = lease.dividedBy(4).toNanos();
    }

    /**
     * Does it, unless somebody else is about it; the mark of the type tells whether it is done.
     *
     * @param goesOn asked between batches, and while it pauses
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
        private final Pace pace;
        private long atMost;
        private long left;

        /** Those of which the newest version is among what is left, as far as they are named. */
        private final List<BsonValue> incomplete = new ArrayList<>();

        private long said = System.nanoTime();

        OneType(String type, VersionDocuments documents, BooleanSupplier goesOn) {
            this.type = type;
            this.documents = documents;
            this.number = documents.fieldsNumber(type);
            this.pace = new Pace(documentsPerSecond, goesOn, slice, changed -> {});
        }

        void run() {
            MongoCollection<RawBsonDocument> current = database.current(type);
            MongoCollection<RawBsonDocument> history = database.history(type);
            atMost = current.estimatedDocumentCount() + history.estimatedDocumentCount();
            boolean all = all(current, id -> id.asString().getValue())
                    && all(
                            history,
                            id -> id.asDocument()
                                    .getString(StoredFields.HISTORY_ID)
                                    .getValue());
            if (all) {
                marks.write(type, number, left, incomplete);
            }
            if (pace.done() > 0) {
                LOG.info("search fields of {} versions of {} were made anew", pace.done(), type);
            }
        }

        private FieldsMarks.Progress progress() {
            return new FieldsMarks.Progress(pace.done(), Math.max(pace.done(), atMost));
        }

        /** Whether it is to go on. */
        private boolean all(MongoCollection<RawBsonDocument> collection, Function<BsonValue, String> idOf) {
            marks.say(type, progress());
            List<BsonValue> behind = new ArrayList<>();
            int read = 0;
            long began = System.nanoTime();
            try (MongoCursor<RawBsonDocument> heads = heads(collection)) {
                while (heads.hasNext()) {
                    RawBsonDocument head = heads.next();
                    read++;
                    if (isBehind(head)) {
                        behind.add(head.get(StoredFields.ID));
                    }
                    if (behind.size() == batch || read == BATCH) {
                        if (!refresh(collection, behind, idOf) || !pace.rest(began, behind.size())) {
                            return false;
                        }
                        behind.clear();
                        read = 0;
                        began = System.nanoTime();
                    }
                }
            }
            return refresh(collection, behind, idOf);
        }

        /** What tells whether a document is behind, in batches none of which takes the database long to find. */
        private MongoCursor<RawBsonDocument> heads(MongoCollection<RawBsonDocument> collection) {
            return database.patiently(collection)
                    .find()
                    .projection(Projections.include(StoredFields.GENERATION, StoredFields.DELETED))
                    .batchSize(BATCH)
                    .cursor();
        }

        private boolean isBehind(RawBsonDocument head) {
            return !head.containsKey(StoredFields.DELETED) && !FieldsNumber.isAtLeast(FieldsNumber.of(head), number);
        }

        /** Whether it is to go on. */
        private boolean refresh(
                MongoCollection<RawBsonDocument> collection, List<BsonValue> ids, Function<BsonValue, String> idOf) {
            List<BsonValue> behind = ids;
            while (pace.goesOn()) {
                if (behind.isEmpty()) {
                    sayHowFar();
                    return true;
                }
                behind = changed(collection, behind, idOf);
            }
            return false;
        }

        /** Those that may be behind still, because somebody else changed one of them meanwhile. */
        private List<BsonValue> changed(
                MongoCollection<RawBsonDocument> collection, List<BsonValue> ids, Function<BsonValue, String> idOf) {
            List<BsonValue> changed = new ArrayList<>();
            List<StoredVersion> some = new ArrayList<>();
            int bytes = 0;
            try (MongoCursor<RawBsonDocument> cursor = behind(collection, ids)) {
                while (cursor.hasNext()) {
                    RawBsonDocument document = cursor.next();
                    some.add(StoredVersion.of(
                            new ResourceKey(type, idOf.apply(document.get(StoredFields.ID))), document));
                    bytes += document.getByteBuffer().remaining();
                    if (bytes > BATCH_BYTES) {
                        changed.addAll(update(collection, some));
                        some.clear();
                        bytes = 0;
                        if (!pace.goesOn()) {
                            return ids;
                        }
                    }
                }
            }
            changed.addAll(update(collection, some));
            return changed;
        }

        private MongoCursor<RawBsonDocument> behind(MongoCollection<RawBsonDocument> collection, List<BsonValue> ids) {
            return database.patiently(collection)
                    .find(Filters.and(
                            Filters.in(StoredFields.ID, ids),
                            FieldsNumber.isBelow(number),
                            Filters.exists(StoredFields.FHIR)))
                    .batchSize(BATCH)
                    .cursor();
        }

        /** Those of which one was changed by somebody else meanwhile. */
        private List<BsonValue> update(MongoCollection<RawBsonDocument> collection, List<StoredVersion> versions) {
            List<UpdateOneModel<RawBsonDocument>> updates = new ArrayList<>();
            List<BsonValue> ids = new ArrayList<>();
            for (StoredVersion version : versions) {
                if (add(updates, version)) {
                    ids.add(version.document().get(StoredFields.ID));
                }
            }
            if (updates.isEmpty()) {
                return List.of();
            }
            int matched;
            try {
                matched = collection.bulkWrite(updates, IN_ANY_ORDER).getMatchedCount();
            } catch (MongoBulkWriteException e) {
                matched = e.getWriteResult().getMatchedCount();
                ids.removeAll(refused(e, List.copyOf(ids)));
            }
            pace.changed(matched);
            return matched == ids.size() ? List.of() : ids;
        }

        /** Those that the database does not take with their fields; fails where it would not take others either. */
        private List<BsonValue> refused(MongoBulkWriteException e, List<BsonValue> ids) {
            if (e.getWriteConcernError() != null
                    || Refusing.isAway(e)
                    || e.getWriteErrors().stream().anyMatch(error -> NO_FAULT_OF_ONE.contains(error.getCode()))) {
                throw e;
            }
            List<BsonValue> refused = new ArrayList<>();
            for (BulkWriteError error : e.getWriteErrors()) {
                BsonValue id = ids.get(error.getIndex());
                LOG.warn("{} {} keeps its search fields: {}", type, id, error.getMessage());
                refused.add(id);
            }
            refused.forEach(this::leave);
            return refused;
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
                leave(Objects.requireNonNull(behind.document().get(StoredFields.ID)));
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

        /** In history an id has a version as well. */
        private void leave(BsonValue id) {
            left++;
            if (id.isString() && incomplete.size() <= FieldsMarks.MOST_NAMED) {
                incomplete.add(id);
            }
        }

        private void sayHowFar() {
            if (System.nanoTime() - said > SAY_EVERY) {
                said = System.nanoTime();
                marks.say(type, progress());
            }
        }
    }
}
