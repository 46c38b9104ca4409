package miroir.sql.copy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.storage.Committed;

/**
 * Everything that was committed in some time.
 *
 * @param upTo until then, that instant included
 * @param newest of each resource the last version of that time, by type and id
 */
record CommittedBatch(Instant upTo, Map<String, Map<String, Committed>> newest) {

    /** Of commits in their order. */
    static CommittedBatch of(List<Committed> commits, Instant upTo) {
        Map<String, Map<String, Committed>> newest = new LinkedHashMap<>();
        commits.forEach(each -> newest.computeIfAbsent(each.key().type(), type -> new LinkedHashMap<>())
                .put(each.key().id(), each));
        return new CommittedBatch(upTo, newest);
    }

    boolean isEmpty() {
        return newest.isEmpty();
    }

    int resources() {
        return newest.values().stream().mapToInt(Map::size).sum();
    }
}
