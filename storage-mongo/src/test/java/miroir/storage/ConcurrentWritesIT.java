package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sixteen writers on the same twenty ids through two stores, as two servers would be. */
@ExtendWith(MongoExtension.class)
final class ConcurrentWritesIT {
    private static final int WRITERS = 16;
    private static final int IDS = 20;
    private static final int WRITES = 40;
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());

    @Test
    void write_manyAtOnce_losesNoVersion(TestDatabase database) throws Exception {
        List<Written> acknowledged = new ArrayList<>();
        try (ResourceStore one = OpenStores.ready(database);
                ResourceStore other = OpenStores.ready(database)) {
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            List<Callable<List<Written>>> work = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                work.add(() -> write(writer % 2 == 0 ? one : other, new Random(SEED + writer)));
            }
            for (Future<List<Written>> done : writers.invokeAll(work)) {
                acknowledged.addAll(done.get());
            }
            writers.shutdown();
        }

        OpenStores.inside(database, inside -> {
            Map<String, NavigableMap<Long, BsonDocument>> versions = versions(inside);
            versions.forEach(ConcurrentWritesIT::checkChain);
            for (Written written : acknowledged) {
                checkKept(written.current(), versions);
            }
            checkPositions(inside);
        });
    }

    private static List<Written> write(ResourceStore store, Random random) {
        List<Written> acknowledged = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            ResourceKey key = new ResourceKey("Practitioner", "p" + random.nextInt(IDS));
            if (random.nextInt(5) == 0) {
                store.delete(Caller.everyone(), key, Precondition.none()).ifPresent(acknowledged::add);
            } else {
                put(store, key, random, acknowledged);
            }
        }
        return acknowledged;
    }

    private static void put(ResourceStore store, ResourceKey key, Random random, List<Written> acknowledged) {
        RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + key.id() + "', name: ['"
                + Integer.toHexString(random.nextInt()) + "']}");
        long expected = random.nextInt(3) > 0
                ? 0
                : store.read(Caller.everyone(), key)
                        .map(ResourceVersion::version)
                        .orElse(0L);
        Precondition precondition = expected == 0 ? Precondition.none() : Precondition.versionIs(expected);
        try {
            Written written = store.put(Caller.everyone(), key, fhir, precondition);
            acknowledged.add(written);
            if (expected > 0) {
                assertThat(written.current().version()).isEqualTo(expected + 1);
            }
        } catch (Refusal e) {
            assertThat(e.reason()).isEqualTo(Refusal.Reason.PRECONDITION_FAILED);
        }
    }

    /** All versions of every id, history and current. */
    static Map<String, NavigableMap<Long, BsonDocument>> versions(MongoDatabase inside) {
        Map<String, NavigableMap<Long, BsonDocument>> versions = new TreeMap<>();
        for (BsonDocument old :
                OpenStores.documents(inside, "Practitioner_history").find()) {
            BsonDocument id = old.getDocument("_id");
            assertThat(id.getInt64("v")).isEqualTo(old.getInt64("v"));
            versions.computeIfAbsent(id.getString("id").getValue(), each -> new TreeMap<>())
                    .put(old.getInt64("v").getValue(), old);
        }
        for (BsonDocument current : OpenStores.documents(inside, "Practitioner").find()) {
            NavigableMap<Long, BsonDocument> chain =
                    versions.computeIfAbsent(current.getString("_id").getValue(), each -> new TreeMap<>());
            assertThat(chain.put(current.getInt64("v").getValue(), current))
                    .as("a version that is current and superseded")
                    .isNull();
        }
        return versions;
    }

    /** Versions 1, 2, 3 … without a gap; each holds until its successor begins; only the last is open. */
    static void checkChain(String id, NavigableMap<Long, BsonDocument> chain) {
        assertThat(chain.firstKey())
                .as("first version of %s, seed %d", id, SEED)
                .isEqualTo(1);
        assertThat(chain.lastKey()).as("gaps in %s, seed %d", id, SEED).isEqualTo(chain.size());
        assertThat(chain.lastEntry().getValue().isString("_id"))
                .as("current of " + id)
                .isTrue();
        chain.forEach((version, document) -> {
            BsonDocument next = chain.get(version + 1);
            if (next != null) {
                assertThat(document.get("to"))
                        .as("end of %s version %d, seed %d", id, version, SEED)
                        .isEqualTo(next.get("from"));
                assertThat(document.getDateTime("from").getValue())
                        .isLessThan(next.getDateTime("from").getValue());
            }
        });
    }

    static void checkKept(ResourceVersion acknowledged, Map<String, NavigableMap<Long, BsonDocument>> versions) {
        BsonDocument kept = Objects.requireNonNullElse(
                versions.getOrDefault(acknowledged.key().id(), new TreeMap<>()).get(acknowledged.version()),
                new BsonDocument());
        assertThat(kept)
                .as("version %d of %s", acknowledged.version(), acknowledged.key())
                .isNotEmpty();
        assertThat(kept.getDateTime("from").getValue())
                .isEqualTo(acknowledged.from().toEpochMilli());
        if (acknowledged instanceof ResourceVersion.Live live) {
            assertThat(kept.getDocument("fhir")).isEqualTo(live.fhir());
        } else {
            assertThat(kept.getBoolean("deleted").getValue()).isTrue();
        }
    }

    private static void checkPositions(MongoDatabase inside) {
        List<Long> positions = new ArrayList<>();
        for (BsonDocument current : OpenStores.documents(inside, "Practitioner").find()) {
            positions.add(
                    current.getInt64(current.containsKey("n") ? "n" : "pn").getValue());
        }
        assertThat(positions).doesNotHaveDuplicates();
    }
}
