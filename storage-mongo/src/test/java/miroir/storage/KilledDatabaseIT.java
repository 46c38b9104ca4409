package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** A mongod that is killed while it is written to, and comes back on the same files. */
final class KilledDatabaseIT {
    private static final int WRITERS = 4;
    private static final int IDS = 10;
    private static final int KILLS = 2;
    private static final int WRITES_BETWEEN = 150;
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());

    @Test
    void write_mongodKilledAndRestarted_keepsWhatWasAcknowledged() throws Exception {
        ConcurrentLinkedQueue<ResourceVersion> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (LocalMongod mongod = LocalMongod.start(TestMongod.binary())) {
            TestDatabase database = new TestDatabase(mongod.uri(), "killed");
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            try (ResourceStore store = OpenStores.ready(database)) {
                for (int i = 0; i < WRITERS; i++) {
                    Random random = new Random(SEED + i);
                    writers.execute(() -> write(store, random, acknowledged, stop));
                }
                for (int kill = 0; kill < KILLS; kill++) {
                    awaitMore(acknowledged);
                    mongod.kill();
                    mongod.restart();
                }
                awaitMore(acknowledged);
                stop.set(true);
                writers.shutdown();
                assertThat(writers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
                healByWriting(store);
            }
            OpenStores.inside(database, inside -> {
                Map<String, NavigableMap<Long, BsonDocument>> versions = ConcurrentWritesIT.versions(inside);
                versions.forEach(KilledDatabaseIT::checkChain);
                acknowledged.forEach(version -> ConcurrentWritesIT.checkKept(version, versions));
            });
        }
    }

    private static void write(
            ResourceStore store,
            Random random,
            ConcurrentLinkedQueue<ResourceVersion> acknowledged,
            AtomicBoolean stop) {
        while (!stop.get()) {
            try {
                acknowledged.add(put(store, "p" + random.nextInt(IDS), random.nextInt()));
            } catch (Refusal e) {
                assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_READY);
            }
        }
    }

    private static ResourceVersion put(ResourceStore store, String id, int value) {
        RawBsonDocument fhir = RawBsonDocument.parse(
                "{resourceType: 'Practitioner', id: '" + id + "', name: ['" + Integer.toHexString(value) + "']}");
        ResourceKey key = new ResourceKey("Practitioner", id);
        return store.put(Caller.everyone(), key, fhir, Precondition.none()).current();
    }

    private static void awaitMore(ConcurrentLinkedQueue<ResourceVersion> acknowledged) {
        int enough = acknowledged.size() + WRITES_BETWEEN;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= enough);
    }

    /** The next write to a resource completes what a crash left out of the version before. */
    private static void healByWriting(ResourceStore store) {
        for (int id = 0; id < IDS; id++) {
            put(store, "p" + id, -1);
        }
    }

    private static void checkChain(String id, NavigableMap<Long, BsonDocument> chain) {
        assertThat(List.copyOf(chain.keySet())).as("seed %d", SEED).isNotEmpty();
        ConcurrentWritesIT.checkChain(id, chain);
    }
}
