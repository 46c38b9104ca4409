package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives resources of which history has versions and current has nothing a deletion as their current version.
 *
 * <p>The problem: no crash leaves that, since nothing ever removes a current document, but a restore of parts does. Such a
 * resource is not read and not found; what is put under its id would be version 1 again, and would take the place of
 * versions in history that somebody was promised. What was current is lost, and nobody can make it up: the newest version in
 * history is known to have been replaced by something.
 *
 * <p>The approach: what can be said truly is that it is not there, which is what a deletion says. It is a commit like any
 * other, so followers learn of it. The lost version had the number after the newest in history, so the deletion takes
 * the one after that. From then on reads answer that it is gone, its older versions can be read, and whoever has the
 * content puts it again as the next version.
 *
 * <p>The cost: once along the ids of history, from the index, and a look-up in current for each resource. It is paid when a
 * server finds other collections than those that were looked through before, as a restore leaves them; a mark remembers which
 * those were. History is read before current: the other way round, a resource that is created and changed between the two
 * would look like an orphan.
 *
 * <p>Its limit: where current has lost much, it is the collection that is missing, not some resources, and a deletion of all
 * of them, which every follower would learn of, is not what anybody wants. So all are found first, and beyond a share of what
 * there is, or where most of what has a history is missing, nothing is touched: the collection is to be restored.
 */
final class EndOrphans {
    private static final Logger LOG = LoggerFactory.getLogger(EndOrphans.class);
    private static final int IDS_AT_ONCE = 10_000;
    private static final int NAMED = 20;

    /** So many are ended without regard to how many resources there are, and beyond it one for every hundred. */
    private static final int FEW = 1_000;

    private static final int SHARE = 100;

    /** So few are single resources, also where they are most of what has a history. */
    private static final int SINGLE = 10;

    private final StoreDatabase database;
    private final CommitVersion commitVersion;
    private final Commits commits;

    EndOrphans(StoreDatabase database, CommitVersion commitVersion, Commits commits) {
        this.database = database;
        this.commitVersion = commitVersion;
        this.commits = commits;
    }

    /**
     * Looks through a type, unless that was done.
     *
     * @param goesOn asked between batches
     */
    UpkeepCounts run(String type, BooleanSupplier goesOn) {
        BsonDocument mark = new BsonDocument(StoredFields.ID, StoreDatabase.stateId("orphans", type));
        mark.putAll(database.identities(type));
        Bson byId = Filters.eq(StoredFields.ID, mark.get(StoredFields.ID));
        if (mark.equals(database.state().find(byId).first())) {
            return UpkeepCounts.NONE;
        }
        List<String> orphans = new ArrayList<>();
        if (!find(type, orphans, goesOn)) {
            return UpkeepCounts.NONE;
        }
        List<String> ended = new ArrayList<>();
        Iterator<String> left = orphans.iterator();
        boolean done = true;
        while (left.hasNext() && goesOn.getAsBoolean()) {
            String id = left.next();
            if (end(new ResourceKey(type, id))) {
                ended.add(id);
            } else {
                done &= !inCurrent(type, Set.of(id)).isEmpty();
            }
        }
        if (done && !left.hasNext()) {
            database.state().replaceOne(byId, mark, new ReplaceOptions().upsert(true));
        }
        if (!ended.isEmpty()) {
            LOG.warn(
                    "{} resources of {} had versions in history and none that is current; they are deleted now: {}",
                    ended.size(),
                    type,
                    some(ended));
        }
        return UpkeepCounts.ofOrphans(ended.size());
    }

    /** Whether all were looked at, and what was found may be ended. */
    private boolean find(String type, List<String> orphans, BooleanSupplier goesOn) {
        long most = FEW + database.current(type).estimatedDocumentCount() / SHARE;
        long inHistory = 0;
        String last = "";
        while (goesOn.getAsBoolean()) {
            NavigableSet<String> ids = inHistory(type, last);
            if (ids.isEmpty()) {
                return orphans.size() <= SINGLE || orphans.size() <= inHistory / 2 || refuse(type, orphans);
            }
            inHistory += ids.size();
            last = ids.last();
            ids.removeAll(inCurrent(type, ids));
            orphans.addAll(ids);
            if (orphans.size() > most) {
                return refuse(type, orphans);
            }
        }
        return false;
    }

    private static boolean refuse(String type, List<String> orphans) {
        LOG.error(
                "{} resources of {} or more have versions in history and none that is current, so the collection of what is"
                        + " current seems lost; nothing is changed, restore it: {}",
                orphans.size(),
                type,
                some(orphans));
        return false;
    }

    private static String some(List<String> ids) {
        return String.join(", ", ids.subList(0, Math.min(NAMED, ids.size()))) + (ids.size() > NAMED ? ", …" : "");
    }

    private NavigableSet<String> inHistory(String type, String afterId) {
        return database.history(type)
                .find(Filters.gt(StoredFields.ID, HistoryIds.last(afterId)))
                .projection(Projections.include(StoredFields.ID))
                .sort(Sorts.ascending(StoredFields.ID))
                .hint(TypeIndexes.IDS)
                .limit(IDS_AT_ONCE)
                .batchSize(IDS_AT_ONCE)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .map(HistoryIds::resource)
                .into(new TreeSet<>());
    }

    private Set<String> inCurrent(String type, Set<String> ids) {
        return database.current(type)
                .find(Filters.in(StoredFields.ID, ids))
                .projection(Projections.include(StoredFields.ID))
                .batchSize(IDS_AT_ONCE)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .map(document -> document.getString(StoredFields.ID).getValue())
                .into(new TreeSet<>());
    }

    private boolean end(ResourceKey key) {
        StoredVersion newest = newest(key);
        if (newest == null) {
            return false;
        }
        long version = newest.version().version() + 2;
        return commits.at(lastKnown(newest), instant -> {
                    RawBsonDocument deletion =
                            VersionDocuments.deletion(key, newest.position(), version, instant.from());
                    return commitVersion.first(key, deletion, instant) ? true : null;
                })
                != null;
    }

    private @Nullable StoredVersion newest(ResourceKey key) {
        RawBsonDocument found = database.history(key.type())
                .find(HistoryIds.all(key))
                .sort(Sorts.descending(StoredFields.ID))
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .first();
        return found == null ? null : StoredVersion.of(key, found);
    }

    /** When the lost version began, where that is known. */
    private static Instant lastKnown(StoredVersion newest) {
        return newest.document().containsKey(StoredFields.TO)
                ? Instant.ofEpochMilli(
                        newest.document().getDateTime(StoredFields.TO).getValue())
                : newest.version().from();
    }
}
