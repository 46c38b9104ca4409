package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import miroir.storage.testing.VersionChains;
import org.jspecify.annotations.Nullable;

/** What clients were told by servers: it must be true for ever, whatever was killed afterwards. */
final class Promises {
    private final List<Acknowledged> versions = new ArrayList<>();

    /** Ids that somebody asked to erase; without an answer nobody knows whether they are erased. */
    private final Set<String> erasing = ConcurrentHashMap.newKeySet();

    /** The erasures that were acknowledged, with their version. */
    private final Map<String, Long> erased = new ConcurrentHashMap<>();

    /** A version; {@code text} is null for a deletion. */
    record Acknowledged(String id, long version, @Nullable String text) {}

    synchronized void acknowledged(String id, long version, @Nullable String text) {
        versions.add(new Acknowledged(id, version, text));
    }

    /** To be said before the erasure is asked for. */
    void erasing(String id) {
        erasing.add(id);
    }

    void erased(String id, long version) {
        Long before = erased.putIfAbsent(id, version);
        assertThat(before == null ? version : before).as("erasures of %s", id).isEqualTo(version);
    }

    /** Whether it may be erased. */
    boolean mayBeErased(String id) {
        return erasing.contains(id);
    }

    /** Whether it is erased for sure. */
    boolean isErased(String id) {
        return erased.containsKey(id);
    }

    /** Some version that was acknowledged. */
    synchronized Optional<Acknowledged> any(Random random) {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(random.nextInt(versions.size())));
    }

    synchronized int count() {
        return versions.size() + erased.size();
    }

    int erasures() {
        return erased.size();
    }

    /** Holds everything against what is in the database, where it may be in history only if it was not erased. */
    synchronized void check(String run, VersionChains chains) {
        erased.forEach((id, version) -> chains.checkErased(run, id, version));
        for (Acknowledged each : versions) {
            if (mayBeErased(each.id()) && chains.isErased(each.id())) {
                assertThat(chains.newest(each.id()))
                        .as("%s: version of the erasure of %s", run, each.id())
                        .isGreaterThan(each.version());
            } else {
                chains.checkKept(run, each.id(), each.version(), each.text());
            }
        }
    }
}
