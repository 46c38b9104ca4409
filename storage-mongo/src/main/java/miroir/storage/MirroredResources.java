package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import miroir.storage.IngestResources.Age;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Copies of what somebody else owns: taken in by batches, walked by owner, removed. A run that reads everything marks what it
 * saw, in a collection of its own, and finds afterwards what it did not see.
 */
public final class MirroredResources {
    private static final String SEEN = "miroir_seen_";

    private final StoreDatabase database;
    private final PrepareTypes prepareTypes;
    private final MakeSearchable makeSearchable;
    private final IngestResources ingestResources;

    MirroredResources(
            StoreDatabase database,
            PrepareTypes prepareTypes,
            MakeSearchable makeSearchable,
            IngestResources ingestResources) {
        this.database = database;
        this.prepareTypes = prepareTypes;
        this.makeSearchable = makeSearchable;
        this.ingestResources = ingestResources;
    }

    /**
     * Stores resources of one type; what is there already, or newer, stays as it is.
     *
     * @param source the synchronisation that owns them
     * @param until nothing is written after that instant, by the database's clock: the end of the writer's lease
     */
    public Ingested ingest(String source, String type, List<Mirrored> batch, Instant until) {
        return Refusing.failures("taking in " + batch.size() + " resources of " + type, () -> {
            prepareTypes.beforeWrite(type);
            return ingestResources.run(source, type, batch, Age.NEWER, until);
        });
    }

    /**
     * The same where the owner was just asked for these very resources: they are stored as they are there, also where what is here
     * claims to be newer. An owner that was restored from a backup says so of what it has lost.
     */
    public Ingested restate(String source, String type, List<Mirrored> batch, Instant until) {
        return Refusing.failures("restating " + batch.size() + " resources of " + type, () -> {
            prepareTypes.beforeWrite(type);
            return ingestResources.run(source, type, batch, Age.ANY, until);
        });
    }

    /**
     * Has a type of which nothing is there loaded without the indexes of searches: that takes a third of the time, and less room for ever. Nobody can search it
     * meanwhile but by ids. Nothing where there is something of it, or somebody else loads it.
     */
    public Optional<FirstLoad> firstLoad(String type) {
        return Refusing.failures("beginning the first load of " + type, () -> {
            prepareTypes.prepareNow(type);
            return makeSearchable.firstLoad(type);
        });
    }

    /** Whether resources of the type can be stored at all. */
    public boolean serves(String type) {
        return prepareTypes.serves(type);
    }

    /** Deletes those of the resources that the owner has; history keeps them. */
    public Ingested remove(String source, String type, Collection<String> ids, Instant until) {
        return Refusing.failures("removing " + ids.size() + " resources of " + type, () -> {
            prepareTypes.beforeWrite(type);
            return ingestResources.remove(source, type, ids, until);
        });
    }

    /** Those of the owner's resources that are not here as they are there, each in words; nothing is written. */
    public List<String> differing(String source, String type, List<Mirrored> there) {
        return there.isEmpty()
                ? List.of()
                : Refusing.failures(
                        "comparing resources of " + type, () -> ingestResources.differing(source, type, there));
    }

    /** How many resources of a type were erased, whoever had them: nothing is left that could say. */
    public long erased(String type) {
        return Refusing.failures(
                "counting what was erased",
                () -> database.current(type).countDocuments(Filters.exists(StoredFields.ERASED)));
    }

    /** Those of the ids that were erased here. */
    public Set<String> erased(String type, Collection<String> ids) {
        Bson erased = Filters.and(Filters.in(StoredFields.ID, ids), Filters.exists(StoredFields.ERASED));
        return Refusing.failures(
                "looking for what was erased", () -> Set.copyOf(ids(database.current(type), erased, 0)));
    }

    /** How many resources the owner has. */
    public long owned(String source, String type) {
        return Refusing.failures(
                "counting resources of " + source,
                () -> database.current(type).countDocuments(Filters.eq(StoredFields.SOURCE, source)));
    }

    /** The ids of what the owner has, at most so many after this one, in order. */
    public List<String> owned(String source, String type, String afterId, int limit) {
        return Refusing.failures(
                "listing resources of " + source,
                () -> ids(
                        database.current(type),
                        Filters.and(Filters.eq(StoredFields.SOURCE, source), Filters.gt(StoredFields.ID, afterId)),
                        limit));
    }

    /**
     * Marks ids as seen by a run.
     *
     * @param until nothing is written after that instant: a mark that comes when the run is over would stay for ever
     */
    public void markSeen(String run, Collection<String> ids, Instant until) {
        List<BsonDocument> marks = ids.stream()
                .map(id -> new BsonDocument(StoredFields.ID, new BsonString(id)))
                .toList();
        if (!marks.isEmpty()) {
            Refusing.failures("marking what was seen", () -> {
                markSeen(SEEN + run, marks, until);
                return run;
            });
        }
    }

    /** New ones are inserted at once; one at a time only where some are known, as when a window is read again. */
    private void markSeen(String collection, List<BsonDocument> marks, Instant until) {
        try {
            write(InTime.insertAll(collection, marks, until), until);
        } catch (MongoCommandException e) {
            if (!Refusing.isDuplicateKey(e)) {
                throw e;
            }
            write(InTime.insertMissing(collection, marks, until), until);
        }
    }

    private void write(List<Bson> pipeline, Instant until) {
        try {
            database.database()
                    .aggregate(pipeline)
                    .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .toCollection();
        } catch (MongoCommandException e) {
            throw InTime.isLate(e) ? CommitInstant.expired(until) : e;
        }
    }

    /** Those of the ids, which are in order, that the run did not see. */
    public List<String> unseen(String run, List<String> ids) {
        if (ids.isEmpty()) {
            return ids;
        }
        return Refusing.failures("looking for what was not seen", () -> {
            Bson between = Filters.and(
                    Filters.gte(StoredFields.ID, ids.get(0)), Filters.lte(StoredFields.ID, ids.get(ids.size() - 1)));
            Set<String> seen = new HashSet<>(ids(seen(run), between, 0));
            return ids.stream().filter(id -> !seen.contains(id)).toList();
        });
    }

    /** Who marked ids and has not forgotten them. */
    public List<String> seenBy() {
        return Refusing.failures("listing what was seen", () -> {
            List<String> runs = new ArrayList<>();
            for (String name : database.database().listCollectionNames()) {
                if (name.startsWith(SEEN)) {
                    runs.add(name.substring(SEEN.length()));
                }
            }
            return runs;
        });
    }

    /** Forgets what a run saw. */
    public void forgetSeen(String run) {
        Refusing.failures("forgetting what was seen", () -> {
            seen(run).drop();
            return run;
        });
    }

    private MongoCollection<RawBsonDocument> seen(String run) {
        return database.database().getCollection(SEEN + run, RawBsonDocument.class);
    }

    private List<String> ids(MongoCollection<RawBsonDocument> collection, Bson filter, int limit) {
        return collection
                .find(filter)
                .projection(Projections.include(StoredFields.ID))
                .sort(Sorts.ascending(StoredFields.ID))
                .limit(limit)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .map(document -> document.getString(StoredFields.ID).getValue())
                .into(new ArrayList<>());
    }
}
