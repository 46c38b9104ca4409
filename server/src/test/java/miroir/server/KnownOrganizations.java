package miroir.server;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of organizations that clients write all the time, each of them by one client: what a search has to find is told by
 * going through all of them.
 */
final class KnownOrganizations {
    private final Map<String, Known> byId = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    /** What a version says: what it is called, which is its identifier as well, for FHIR's own {@code name} finds aliases too. */
    record Content(String name, String alias) {
        String json(String id) {
            return "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"identifier\":[{\"value\":\"" + name
                    + "\"}],\"name\":\"" + name + "\",\"alias\":[\"" + alias + "\"]}";
        }
    }

    /**
     * The last versions of one.
     *
     * @param acknowledged null: none
     * @param attempted null: none since
     * @param change the number of the last attempt or answer
     */
    private record Known(
            @Nullable Content acknowledged, @Nullable Content attempted, long change) {
        boolean isQuietSince(long moment) {
            return attempted == null && change <= moment;
        }
    }

    /** Counts up with whatever becomes known. */
    long moment() {
        return changes.get();
    }

    void attempt(String id, Content content) {
        long change = changes.incrementAndGet();
        byId.compute(id, (key, known) -> new Known(known == null ? null : known.acknowledged(), content, change));
    }

    void acknowledge(String id) {
        long change = changes.incrementAndGet();
        byId.computeIfPresent(id, (key, known) -> new Known(known.attempted(), null, change));
    }

    boolean isUnsettled(String id) {
        Known known = byId.get(id);
        return known != null && known.attempted() != null;
    }

    /** Those of which nobody knows whether the last attempt came through. */
    List<String> unsettled() {
        return byId.keySet().stream().filter(this::isUnsettled).toList();
    }

    /** What is stored of such a one; null: nothing. */
    void settle(String id, @Nullable Content stored) {
        if (stored == null) {
            byId.remove(id);
        } else {
            byId.put(id, new Known(stored, null, changes.incrementAndGet()));
        }
    }

    int size() {
        return byId.size();
    }

    /**
     * What is wrong with an answer; empty where nothing is. Of those that were written meanwhile nothing is said.
     *
     * @param since the moment before the search was sent
     * @param meaning what the parameter selects
     * @param found the ids in the answer
     */
    String wrong(long since, Function<Content, String> meaning, String value, Set<String> found) {
        Set<String> missing = new TreeSet<>();
        Set<String> tooMany = new TreeSet<>(found);
        byId.forEach((id, known) -> {
            Content content = known.acknowledged();
            boolean isQuiet = known.isQuietSince(since);
            boolean matches = content != null && meaning.apply(content).equals(value);
            if (isQuiet && matches && !found.contains(id)) {
                missing.add(id);
            }
            if (!isQuiet || matches) {
                tooMany.remove(id);
            }
        });
        return missing.isEmpty() && tooMany.isEmpty() ? "" : value + ": missing " + missing + ", too many " + tooMany;
    }
}
