package miroir.storage;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.result.UpdateResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.conversions.Bson;

/**
 * Format 2: a version that was put where a deletion was says so, in {@code op}.
 *
 * <p>The problem: what is no first version and says nothing is taken for an update. That was the only thing that the first Miroirs wrote, also where a resource came back after
 * its deletion. So histories call such a version an update (200 instead of 201), and reports do not count it among what has arrived.
 *
 * <p>The approach: such a version is the one after a deletion that history has. Deletions in history are found by the index on positions, where they stand at null, so this costs what
 * was ever put again, and not what is stored. The version after each is given the word that it would have now, wherever it is.
 *
 * <p>Where it is in history, that is one update. Where it is current, somebody may have read it as it was and be about to put a copy of that into history, at any time; to change the
 * current document alone would lose the word with the next version. So a copy that has the word is put into history first, as a writer would: whoever comes later with his own finds it there
 * and leaves it ({@link KeepVersions}, which also keeps the word of a copy that it brings forward). A copy of what is current is what any crash leaves, and the next write needs it. So each resource that
 * came back and is current leaves one entry without an end, until it is written again, and {@link RepairHistory} passes over all of them each time.
 *
 * <p>An erasure may come between the two, and empty history before the copy is put there. As for every writer, the last step matches nothing then, so what is current is read again, and where that is the
 * mark of an erasure, history is emptied once more ({@link EraseResource}).
 *
 * <p>What it cannot find: a deletion that was purged. And whether a first version was posted or put was not written down either; it stays a put.
 *
 * <p>Older Miroirs go on beside it: the word was there before this step, only not everywhere. But those of before the word write none, beside it or later, and may drop it from a copy that they bring forward;
 * what they put again after the step went by stays without it, until somebody has all steps done again (docs/operations/upgrade.md).
 */
final class MarkReturns {
    private static final int BATCH = 200;
    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);
    private static final Bson UNMARKED =
            Filters.and(Filters.exists(StoredFields.OPERATION, false), Filters.exists(StoredFields.FHIR));
    private static final Bson WORD = Updates.set(StoredFields.OPERATION, Origins.PUT);

    private final StoreDatabase database;
    private final ReadCurrent readCurrent;
    private final KeepVersions keepVersions;
    private final RemoveHistory removeHistory;

    MarkReturns(StoreDatabase database) {
        this.database = database;
        this.readCurrent = new ReadCurrent(database);
        this.keepVersions = new KeepVersions(database);
        this.removeHistory = new RemoveHistory(database);
    }

    void run(String type, Pace pace) {
        int most = pace.batch(BATCH);
        List<VersionId> batch = new ArrayList<>();
        try (MongoCursor<RawBsonDocument> deletions = deletions(type)) {
            long began = System.nanoTime();
            while (pace.goesOn() && deletions.hasNext()) {
                batch.add(returned(deletions.next()));
                if (batch.size() == most || !deletions.hasNext()) {
                    pace.changed(mark(type, batch));
                    pace.rest(began, batch.size());
                    batch.clear();
                    began = System.nanoTime();
                }
            }
        }
    }

    /** A deletion has no position, and what has none stands at null in the index on positions. */
    private MongoCursor<RawBsonDocument> deletions(String type) {
        return database.patiently(database.history(type))
                .find(Filters.and(
                        Filters.eq(StoredFields.POSITION, BsonNull.VALUE), Filters.eq(StoredFields.DELETED, true)))
                .projection(Projections.include(StoredFields.VERSION))
                .batchSize(BATCH)
                .cursor();
    }

    /** The version after a deletion. */
    private static VersionId returned(RawBsonDocument deletion) {
        return new VersionId(
                HistoryIds.resource(deletion),
                deletion.getNumber(StoredFields.VERSION).longValue() + 1);
    }

    private long mark(String type, List<VersionId> returned) {
        long marked = database.history(type)
                .bulkWrite(returned.stream().map(MarkReturns::inHistory).toList(), IN_ANY_ORDER)
                .getModifiedCount();
        for (VersionId current : current(type, returned)) {
            marked += markCurrent(new ResourceKey(type, current.id()), current);
        }
        return marked;
    }

    private static UpdateOneModel<RawBsonDocument> inHistory(VersionId version) {
        return new UpdateOneModel<>(
                Filters.and(Filters.eq(StoredFields.ID, HistoryIds.of(version.id(), version.version())), UNMARKED),
                WORD);
    }

    /** Those that are current and do not say it. */
    private List<VersionId> current(String type, List<VersionId> among) {
        Set<VersionId> wanted = new HashSet<>(among);
        List<VersionId> current = new ArrayList<>();
        database.current(type)
                .find(Filters.and(
                        Filters.in(
                                StoredFields.ID,
                                among.stream().map(VersionId::id).toList()),
                        UNMARKED))
                .projection(Projections.include(StoredFields.VERSION))
                .map(found -> new VersionId(
                        found.getString(StoredFields.ID).getValue(),
                        found.getNumber(StoredFields.VERSION).longValue()))
                .forEach(found -> {
                    if (wanted.contains(found)) {
                        current.add(found);
                    }
                });
        return current;
    }

    private long markCurrent(ResourceKey key, VersionId version) {
        StoredVersion read = readCurrent.whole(key).orElse(null);
        if (read == null || !read.isLive() || read.version().version() != version.version()) {
            // Somebody put the next version, and so this one into history.
            return markInHistory(key.type(), version);
        }
        keepVersions.run(key.type(), List.of(withWord(key, read)));
        markInHistory(key.type(), version);
        UpdateResult marked = database.current(key.type())
                .updateOne(
                        Filters.and(
                                Filters.eq(StoredFields.ID, key.id()),
                                Filters.eq(StoredFields.VERSION, version.version()),
                                UNMARKED),
                        WORD);
        if (marked.getMatchedCount() == 0) {
            takeBackWhereErased(key);
        }
        return marked.getModifiedCount();
    }

    /** The copy may have come into history after an erasure had emptied it. */
    private void takeBackWhereErased(ResourceKey key) {
        readCurrent.whole(key).filter(StoredVersion::isErased).ifPresent(erased -> removeHistory.of(key));
    }

    private long markInHistory(String type, VersionId version) {
        return database.history(type).bulkWrite(List.of(inHistory(version))).getModifiedCount();
    }

    private static StoredVersion withWord(ResourceKey key, StoredVersion read) {
        BsonDocument document = new BsonDocument();
        document.putAll(read.document());
        document.put(StoredFields.OPERATION, new BsonString(Origins.PUT));
        return StoredVersion.of(key, new RawBsonDocument(document, new BsonDocumentCodec()));
    }
}
