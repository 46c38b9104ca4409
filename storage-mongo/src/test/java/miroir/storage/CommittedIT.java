package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was committed, in its order, and which versions of it meet a condition. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommittedIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final Set<String> TYPES = Set.of("Organization", "Practitioner");
    private static final Condition ACTIVE = Condition.In.texts("t_active-value", List.of("true"));

    private MongoResourceStore store;

    @BeforeAll
    void open(TestDatabase database) {
        store = OpenStores.ready(database);
        Random random = new Random(SEED);
        for (int i = 0; i < 80; i++) {
            put(random.nextBoolean() ? "Organization" : "Practitioner", "r" + random.nextInt(9), random.nextBoolean());
            if (random.nextInt(6) == 0) {
                store.delete(
                        Caller.everyone(),
                        new ResourceKey("Organization", "r" + random.nextInt(9)),
                        Precondition.none());
            }
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    private ResourceVersion put(String type, String id, boolean active) {
        return store.put(
                        Caller.everyone(),
                        new ResourceKey(type, id),
                        RawBsonDocument.parse(
                                "{resourceType: '" + type + "', id: '" + id + "', active: " + active + "}"),
                        Precondition.none())
                .current();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private Instant settled() {
        return store.settled(Caller.everyone(), Duration.ofSeconds(5), soon());
    }

    /** All of it, page by page. */
    private List<Committed> committed(int limit) {
        Instant until = settled();
        List<Committed> all = new ArrayList<>();
        HistoryPosition after = new HistoryPosition(Instant.EPOCH, "", "");
        List<Committed> page;
        do {
            page = store.committed(Caller.everyone(), TYPES, after, until, limit, soon());
            all.addAll(page);
            after = all.get(all.size() - 1).position();
        } while (page.size() == limit);
        return all;
    }

    private List<String> history() {
        HistoryQuery query =
                new HistoryQuery(new HistoryQuery.Types(TYPES), null, null, settled(), null, 1_000, soon());
        List<String> oldestFirst = new ArrayList<>(store.history(Caller.everyone(), query).versions().stream()
                .map(version ->
                        version.key() + " " + version.version() + " " + (version instanceof ResourceVersion.Live))
                .toList());
        Collections.reverse(oldestFirst);
        return oldestFirst;
    }

    @Test
    void committed_pageByPage_isTheHistoryTheOtherWayRound() {
        List<String> history = history();
        for (int limit : new int[] {1, 2, 7, 500}) {
            assertThat(committed(limit).stream()
                            .map(each -> each.key() + " " + each.version() + " " + each.live())
                            .toList())
                    .as("pages of %d, seed %d", limit, SEED)
                    .isEqualTo(history);
        }
    }

    @Test
    void meeting_isJudgedByEachVersionsOwnFields_andHeldAgainstTheCurrentOneAsWell() {
        ResourceKey key = new ResourceKey("Organization", "m");
        put("Organization", "m", true);
        put("Organization", "m", false);
        put("Organization", "m", true);
        put("Organization", "gone", true);
        put("Organization", "gone", false);
        store.delete(Caller.everyone(), key, Precondition.none());
        put("Organization", "m", true);
        Set<VersionId> asked =
                Stream.concat(versions("m", 5), versions("gone", 2)).collect(Collectors.toSet());

        assertThat(store.meeting(Caller.everyone(), "Organization", ACTIVE, asked, soon()))
                .containsExactlyInAnyOrder(
                        new VersionId("m", 1), new VersionId("m", 3), new VersionId("m", 5), new VersionId("gone", 1));
        Caller narrow = new Caller(
                Caller.DEFAULT_TENANT, Scope.of(Map.of("Organization", ACTIVE)), Scope.nothing(), Scope.nothing());
        assertThat(store.meeting(narrow, "Organization", Condition.all(), asked, soon()))
                .containsExactlyInAnyOrder(new VersionId("m", 1), new VersionId("m", 3), new VersionId("m", 5));
    }

    @Test
    void commit_ringsForItsType() {
        Set<String> rung = new ConcurrentSkipListSet<>();
        try (WatchCommits watch = store.watch(TYPES, rung::addAll)) {
            await().atMost(Duration.ofSeconds(20)).until(watch::isWatching);
            await().atMost(Duration.ofSeconds(20)).until(() -> rung.containsAll(TYPES));
            rung.clear();
            put("Practitioner", "bell", true);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(rung).containsExactly("Practitioner"));
        }
    }

    /** The versions of a resource up to some number. */
    private static Stream<VersionId> versions(String id, int most) {
        return IntStream.rangeClosed(1, most).mapToObj(version -> new VersionId(id, version));
    }
}
