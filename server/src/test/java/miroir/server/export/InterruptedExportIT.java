package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.server.TestServer;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exports whose server dies in the middle, or that are over. */
@ExtendWith(MongoExtension.class)
final class InterruptedExportIT {
    private static final int ORGANIZATIONS = 450;
    private static final String YAML = "export: {resources: 100}";

    /** Of who dies, as a power cut would have him: nothing is given back. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void export_whoseServerDies_isGoneOnWithByAnother_asAtTheSameInstant(TestDatabase database) throws Exception {
        Ledger ledger = Ledger.open(TestServer.settings(database));
        String id = "0123456789abcdef";
        try (MongoResourceStore store = ready(database)) {
            IntStream.range(0, ORGANIZATIONS).parallel().forEach(i -> put(store, "o" + i));
            KeptExports kept = new KeptExports(ledger, InstantSource.system(), Duration.ofHours(24));
            ServerConfiguration configuration =
                    ServerConfiguration.read("test.yaml", YAML, Map.<String, String>of()::get);
            Instant asOf = store.settled(Caller.everyone(), Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(20)));
            kept.begin(
                    Export.begun(id, asked(asOf, List.of("Organization", "Practitioner"))),
                    "local",
                    configuration.export());
            Lease lease = kept.take(id, "who dies", Duration.ofSeconds(2)).orElseThrow();
            cutTwoFiles(new ExportSearch(store, configuration.search()), kept, lease);
            assertThat(kept.find(id).orElseThrow().files()).hasSize(2);
            IntStream.range(0, 60).forEach(i -> put(store, "later" + i));
            IntStream.range(300, 340)
                    .forEach(i -> store.delete(
                            Caller.everyone(), new ResourceKey("Organization", "o" + i), Precondition.none()));
        }

        try (TestServer server = Exports.server(YAML, database)) {
            String address = server.base() + "/$export/" + id;
            Document manifest = Exports.complete(address, TestServer.TOKEN);
            assertThat(manifest.getList("output", Document.class)).hasSize(5);
            assertThat(Exports.resources(manifest, TestServer.TOKEN).keySet())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, ORGANIZATIONS)
                            .mapToObj(i -> "Organization/o" + i)
                            .toList());
        } finally {
            ledger.close();
        }
    }

    private static void cutTwoFiles(ExportSearch search, KeptExports kept, Lease lease) {
        AtomicInteger written = new AtomicInteger();
        CutExport.Holding dying = new CutExport.Holding() {
            @Override
            public void goesOn() {
                if (written.get() == 2) {
                    throw new Died();
                }
            }

            @Override
            public void write(BsonDocument fields) {
                assertThat(kept.write(lease, fields)).isTrue();
                written.incrementAndGet();
            }
        };
        Export export = kept.find(lease.job()).orElseThrow();
        List<Throwable> ends = new ArrayList<>();
        try {
            new CutExport(search, export, 100, dying).run(Deadline.in(Duration.ofMinutes(1)));
        } catch (Died died) {
            ends.add(died);
        }
        assertThat(ends).hasSize(1);
    }

    static Asked asked(Instant asOf, List<String> types) {
        return asked(asOf, types, "READ, SEARCH on *");
    }

    static Asked asked(Instant asOf, List<String> types, String allowed) {
        return new Asked(
                "local",
                true,
                "http://127.0.0.1/fhir/$export",
                "http://127.0.0.1/fhir",
                Instant.now(),
                asOf,
                asOf.plus(Duration.ofHours(1)),
                types,
                Map.of(),
                null,
                Map.of(),
                List.of(allowed),
                Map.of().hashCode(),
                List.of());
    }

    static MongoResourceStore ready(TestDatabase database) {
        MongoResourceStore store =
                MongoResourceStore.open(TestServer.settings(database), TestServer.REGISTRY, TestServer.FIELDS);
        await().atMost(Duration.ofSeconds(60)).until(() -> store.readiness().ready());
        return store;
    }

    static void put(MongoResourceStore store, String id) {
        store.put(
                Caller.everyone(),
                new ResourceKey("Organization", id),
                RawBsonDocument.parse("{resourceType: 'Organization', id: '" + id + "', name: 'n'}"),
                Precondition.none());
    }

    @Test
    void export_thatIsOver_isNotThereAnyMore(TestDatabase database) throws Exception {
        try (TestServer server = Exports.server("export: {expiry: 4s}", database)) {
            Exports.put(server, "Device", "d", "\"lotNumber\":\"1\"");
            String address = Exports.begin(server, "?_type=Device", TestServer.TOKEN);
            String file = Exports.complete(address, TestServer.TOKEN)
                    .getList("output", Document.class)
                    .get(0)
                    .getString("url");
            assertThat(Exports.get(file, TestServer.TOKEN).statusCode()).isEqualTo(200);

            for (String url : Set.of(address, file)) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(
                                        Exports.get(url, TestServer.TOKEN).statusCode())
                                .isEqualTo(404));
            }
        }
    }

    @Test
    void export_ofWhichVersionsAreGone_isCut_andNotShort(TestDatabase database) throws Exception {
        try (TestServer server = Exports.server(YAML, database)) {
            for (int i = 0; i < 3; i++) {
                Exports.put(server, "Device", "d" + i, "\"lotNumber\":\"1\"");
            }
            String address = Exports.begin(server, "?_type=Device", TestServer.TOKEN);
            String file = Exports.complete(address, TestServer.TOKEN)
                    .getList("output", Document.class)
                    .get(0)
                    .getString("url");
            Exports.put(server, "Device", "d1", "\"lotNumber\":\"2\"");
            try (MongoClient client = MongoClients.create(database.uri())) {
                client.getDatabase(database.name())
                        .getCollection("Device_history")
                        .deleteMany(new Document());
            }

            // Nothing was sent yet, so it can be said.
            assertThat(Exports.get(file, TestServer.TOKEN).statusCode()).isEqualTo(410);
        }
    }

    /** One that can never be read stands before all others. */
    @Test
    void export_thatCannotBeCut_keepsNoOtherWaiting(TestDatabase database) throws Exception {
        try (MongoClient client = MongoClients.create(database.uri());
                TestServer server = Exports.server(YAML, database)) {
            BsonDateTime tomorrow =
                    new BsonDateTime(Instant.now().plus(Duration.ofDays(1)).toEpochMilli());
            client.getDatabase(database.name())
                    .getCollection(KeptExports.COLLECTION)
                    .insertOne(new Document("_id", "broken")
                            .append("state", "cutting")
                            .append("at", new BsonDateTime(0))
                            .append("expires", tomorrow)
                            .append("until", new BsonDateTime(0))
                            .append("token", 0L));
            Exports.put(server, "Device", "d", "\"lotNumber\":\"1\"");

            Document manifest =
                    Exports.complete(Exports.begin(server, "?_type=Device", TestServer.TOKEN), TestServer.TOKEN);

            assertThat(Exports.resources(manifest, TestServer.TOKEN)).containsKey("Device/d");
        }
    }
}
