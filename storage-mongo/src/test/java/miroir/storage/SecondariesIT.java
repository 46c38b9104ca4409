package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.TotalQuery;
import miroir.index.store.Written;
import miroir.storage.testing.LocalReplicaSet;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who writes somewhere reads it anywhere, though two secondaries of three members answer. {@link SecondariesContractIT} has all that a store does. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecondariesIT {
    private static final int WRITERS = 4;
    private static final int WRITES = 50;
    private static final Duration HELD_BACK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LocalReplicaSet members = LocalReplicaSet.start(TestMongod.binary());
    private final TestDatabase database = new TestDatabase(members.uri(), "secondaries");
    private final MongoResourceStore one = open(ReadMembers.SECONDARIES);
    private final MongoResourceStore other = open(ReadMembers.PRIMARY);

    private MongoResourceStore open(ReadMembers reads) {
        MongoResourceStore store = MongoResourceStore.open(
                OpenStores.settings(database).withReads(reads), ContractFields.registry(), new ContractFields());
        OpenStores.awaitSearchable(store);
        return store;
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    @AfterAll
    void close() {
        one.close();
        other.close();
        members.close();
    }

    private ResourceStore store() {
        return one.reading();
    }

    @Test
    void read_onSecondaries_seesWhatWasAcknowledgedBeforeItAnywhere() throws Exception {
        ResourceStore reading = store();
        long before = members.queriesOfSecondaries();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<Long>> late = IntStream.range(0, WRITERS)
                .mapToObj(writer -> writers.submit(() -> late(reading, "p" + writer)))
                .toList();
        for (Future<Long> each : late) {
            assertThat(each.get()).isZero();
        }
        writers.shutdown();
        assertThat(members.queriesOfSecondaries() - before).isGreaterThanOrEqualTo((long) WRITERS * WRITES);
    }

    /** How many of the versions that were acknowledged through another store were not read, or not counted, right after. */
    private long late(ResourceStore reading, String id) {
        ResourceKey key = new ResourceKey("Practitioner", id);
        return IntStream.range(0, WRITES)
                .filter(i -> {
                    Written written =
                            other.put(Caller.everyone(), key, practitioner(id, id + "-" + i), Precondition.none());
                    long found = reading.count(
                                    Caller.everyone(),
                                    TotalQuery.upTo(
                                            1,
                                            "Practitioner",
                                            Condition.In.texts("_id", List.of(id)),
                                            Deadline.in(PATIENCE)))
                            .matches();
                    return found != 1
                            || reading.read(Caller.everyone(), key)
                                            .orElseThrow()
                                            .version()
                                    != written.current().version();
                })
                .count();
    }

    @Test
    void read_oneSecondaryStandsStill_isAnsweredByTheOther() {
        ResourceStore reading = store();
        ResourceKey key = new ResourceKey("Practitioner", "still");
        members.pauseSecondary();
        try {
            for (int i = 0; i < WRITES; i++) {
                long version = other.put(
                                Caller.everyone(), key, practitioner("still", "still-" + i), Precondition.none())
                        .current()
                        .version();
                assertThat(reading.read(Caller.everyone(), key).orElseThrow().version())
                        .isEqualTo(version);
            }
        } finally {
            members.resumeAll();
        }
    }

    @Test
    void read_oneSecondaryIsBehind_waitsUntilItIsNot() throws Exception {
        ResourceStore reading = store();
        ResourceKey key = new ResourceKey("Practitioner", "behind");
        other.put(Caller.everyone(), key, practitioner("behind", "old"), Precondition.none());
        ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        Runnable release = members.holdBackSecondary();
        try {
            long newest = other.put(Caller.everyone(), key, practitioner("behind", "new"), Precondition.none())
                    .current()
                    .version();
            Future<?> released = later.schedule(release, HELD_BACK.toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < WRITES; i++) {
                assertThat(reading.read(Caller.everyone(), key).orElseThrow().version())
                        .isEqualTo(newest);
            }
            released.get();
        } finally {
            later.shutdownNow();
            release.run();
        }
    }

    private static RawBsonDocument practitioner(String id, String name) {
        return RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + id + "', name: '" + name + "'}");
    }
}
