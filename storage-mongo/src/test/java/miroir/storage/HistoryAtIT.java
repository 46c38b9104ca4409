package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a type was like at an instant, read by either index. */
@ExtendWith(MongoExtension.class)
final class HistoryAtIT {
    private static final int WRITES = 120;
    private static final int IDS = 12;
    private static final int PAGE = 5;
    private static final long SEED = Long.getLong("miroir.test.seed", System.nanoTime());

    @Test
    void run_anyInstantByEitherIndex_showsWhatHeldThen(TestDatabase test) {
        Random random = new Random(SEED);
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            List<ResourceVersion> written = write(store, random);
            ShownVersions shown = new ShownVersions(database, new FindEnd(database));
            for (int i = 0; i < 10; i++) {
                Instant at = written.get(random.nextInt(WRITES)).from();
                List<ResourceVersion> held = heldAt(at, written);

                assertThat(pageByPage(new SelectHistory(database, shown, WRITES), at))
                        .as("by end, at %s, seed %d", at, SEED)
                        .containsExactlyElementsOf(held);
                assertThat(pageByPage(new SelectHistory(database, shown, -1), at))
                        .as("by begin, at %s, seed %d", at, SEED)
                        .containsExactlyElementsOf(held);
            }
        }
    }

    private static List<ResourceVersion> write(MongoResourceStore store, Random random) {
        List<ResourceVersion> written = new ArrayList<>();
        while (written.size() < WRITES) {
            ResourceKey key = new ResourceKey("Practitioner", "p" + random.nextInt(IDS));
            written.add(
                    random.nextInt(4) == 0 && isThere(store, key)
                            ? store.delete(Caller.everyone(), key, Precondition.none())
                                    .orElseThrow()
                                    .current()
                            : Histories.put(store, key, written.size()));
        }
        return written;
    }

    private static boolean isThere(MongoResourceStore store, ResourceKey key) {
        return store.read(Caller.everyone(), key).orElse(null) instanceof ResourceVersion.Live;
    }

    private static List<ResourceVersion> heldAt(Instant at, List<ResourceVersion> written) {
        return written.stream()
                .filter(version -> !version.from().isAfter(at))
                .filter(version -> written.stream()
                        .noneMatch(other -> other.key().equals(version.key())
                                && other.version() > version.version()
                                && !other.from().isAfter(at)))
                .sorted(Comparator.comparing(HistoryPosition::of))
                .toList();
    }

    private static List<ResourceVersion> pageByPage(SelectHistory selectHistory, Instant at) {
        List<ResourceVersion> seen = new ArrayList<>();
        HistoryPosition after = null;
        HistoryPage page;
        do {
            page = selectHistory.run(
                    Scope.everything(),
                    new HistoryQuery(
                            Histories.PRACTITIONERS,
                            null,
                            new HistoryQuery.During(at, at.plusMillis(1)),
                            Instant.now().plusSeconds(60),
                            after,
                            PAGE,
                            Deadline.in(Duration.ofSeconds(60))));
            seen.addAll(page.versions());
            after = page.more() ? HistoryPosition.of(seen.get(seen.size() - 1)) : after;
        } while (page.more());
        return seen;
    }
}
