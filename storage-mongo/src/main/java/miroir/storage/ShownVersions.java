package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import org.bson.conversions.Bson;

/**
 * Which of the versions that were found may be shown: none of a resource that was erased, but the mark itself; none of a
 * resource that is now outside of the caller's scope; none that had ended before the time that is asked for.
 */
final class ShownVersions {
    private final StoreDatabase database;
    private final FindEnd findEnd;

    ShownVersions(StoreDatabase database, FindEnd findEnd) {
        this.database = database;
        this.findEnd = findEnd;
    }

    List<ResourceVersion> among(Collection<FoundVersion> found, Scope seen, HistoryQuery query) {
        Map<String, Set<String>> ids = new TreeMap<>();
        found.forEach(each -> ids.computeIfAbsent(key(each).type(), type -> new TreeSet<>())
                .add(key(each).id()));
        Map<ResourceKey, Long> erased = new HashMap<>();
        Set<ResourceKey> visible = new HashSet<>();
        ids.forEach((type, ofType) -> {
            find(query, type, ofType, Filters.eq(StoredFields.ERASED, true), erased);
            Condition scope = seen.of(type);
            if (!scope.isAll()) {
                Map<ResourceKey, Long> inScope = new HashMap<>();
                find(query, type, ofType, RenderFilter.within(scope), inScope);
                visible.addAll(inScope.keySet());
            }
        });
        List<ResourceVersion> shown = new ArrayList<>();
        for (FoundVersion each : found) {
            boolean isErased =
                    erased.getOrDefault(key(each), 0L) > each.version().version();
            boolean isVisible = seen.of(key(each).type()).isAll() || visible.contains(key(each));
            if (!isErased && isVisible && heldDuring(each, query)) {
                shown.add(each.version());
            }
        }
        return shown;
    }

    private boolean heldDuring(FoundVersion found, HistoryQuery query) {
        Instant heldAfter = query.heldAfter();
        return heldAfter == null || !found.isEndMissing() || endsAfter(heldAfter, found.version(), query.deadline());
    }

    private boolean endsAfter(Instant instant, ResourceVersion version, Deadline deadline) {
        return findEnd.run(version.key(), version.version(), deadline)
                .filter(end -> !end.isAfter(instant))
                .isEmpty();
    }

    /** Those of the current documents with these ids that match, with their versions. */
    private void find(HistoryQuery query, String type, Set<String> ids, Bson filter, Map<ResourceKey, Long> into) {
        database.current(type)
                .find(Filters.and(Filters.in(StoredFields.ID, ids), filter))
                .projection(Projections.include(StoredFields.VERSION))
                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS)
                .forEach(document -> into.put(
                        new ResourceKey(
                                type, document.getString(StoredFields.ID).getValue()),
                        document.getNumber(StoredFields.VERSION).longValue()));
    }

    private static ResourceKey key(FoundVersion found) {
        return found.version().key();
    }
}
