package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import miroir.index.extract.ExtractionSettings;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.server.access.KnownTokens;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Who delivers is cut off from the database in the middle of it, as if he had been killed, and another one goes on; while a receiver fails at random, or is away. Small and
 * quick: {@link SubscriptionsIT} kills processes.
 */
@ExtendWith(MongoExtension.class)
final class CutDeliveriesIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final Set<String> TYPES = Set.of("Organization", "Subscription");
    private static final ServerConfiguration CONFIGURATION = ServerConfiguration.read(
            "test.yaml",
            "subscriptions: {allowedTargets: [127.0.0.1], timeout: 500ms, longestPause: 1s, poll: 100ms}",
            Map.<String, String>of()::get);

    private final Random random = new Random(SEED);
    private final Set<String> written = new ConcurrentSkipListSet<>();
    private TestReceiver receiver;

    /** Whoever delivers, with a store and a ledger of his own. */
    private static final class Deliverer {
        private final MongoResourceStore store;
        private final Ledger ledger;
        private final KeepDelivering delivering;

        Deliverer(TestDatabase database) {
            store = open(database);
            ledger = Ledger.open(MongoStoreSettings.of(database.uri(), database.name(), TYPES));
            Engine engine = new Engine(
                    store,
                    CONFIGURATION.subscriptions(),
                    ledger.leased(OfferSubscriptions.COLLECTION),
                    new Owners(KnownTokens.none(), true, false, store::inForce),
                    new SealedSecrets(() -> store.sharedSecret("subscriptions")),
                    (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    Duration.ofSeconds(3));
            delivering = new KeepDelivering(engine, TYPES).begin();
        }

        /** Nothing more is written down, and the lease is left to expire. */
        void cut() {
            ledger.close();
            store.close();
            delivering.close();
        }

        void close() {
            delivering.close();
            ledger.close();
            store.close();
        }
    }

    private static MongoResourceStore open(TestDatabase database) {
        MongoResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), TYPES),
                new ConfiguredSearch(
                        TYPES,
                        ShippedSearch::files,
                        new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()),
                        false));
        await().atMost(Duration.ofSeconds(60)).until(() -> store.readiness().ready());
        return store;
    }

    @BeforeEach
    void start() throws Exception {
        receiver = new TestReceiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void cut_inTheMiddle_losesNothingAndKeepsTheOrder(TestDatabase database) throws Exception {
        receiver.answers(got -> random.nextInt(5) == 0 ? 500 : 204);
        MongoResourceStore writer = open(database);
        Deliverer one = new Deliverer(database);
        subscribe(writer);
        for (int round = 0; round < 3; round++) {
            write(writer, 60);
            int before = receiver.taken().size();
            await().atMost(Duration.ofSeconds(30)).until(() -> receiver.taken().size() > before + 10);
            Deliverer next = new Deliverer(database);
            one.cut();
            one = next;
        }
        write(writer, 20);
        awaitAll();
        one.close();
        writer.close();
    }

    @Test
    void receiverThatIsAway_getsEverythingOnceItIsBack_alsoFromADatabaseThatStandsAlone() throws Exception {
        try (LocalMongod mongod = LocalMongod.startAlone(TestMongod.binary())) {
            TestDatabase database = new TestDatabase(mongod.uri(), "alone");
            MongoResourceStore writer = open(database);
            Deliverer one = new Deliverer(database);
            subscribe(writer);
            write(writer, 20);
            awaitAll();
            int port = receiver.port();
            receiver.close();
            write(writer, 40);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> progress(database).failed() > 12);

            try (TestReceiver back = new TestReceiver(port)) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(Deliveries.missing(
                                        written,
                                        Stream.concat(receiver.taken().stream(), back.taken().stream())
                                                .toList()))
                                .isEmpty());
                Deliveries.checkOrder(Stream.concat(receiver.taken().stream(), back.taken().stream())
                        .toList());
            }
            one.close();
            writer.close();
        }
    }

    private static Progress progress(TestDatabase database) {
        try (Ledger ledger = Ledger.open(MongoStoreSettings.of(database.uri(), database.name(), TYPES))) {
            return ledger.leased(OfferSubscriptions.COLLECTION)
                    .find("s")
                    .map(Progress::of)
                    .orElse(Progress.none());
        }
    }

    private void awaitAll() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Deliveries.missing(written, receiver.taken()))
                        .as("not delivered, seed %d", SEED)
                        .isEmpty());
        Deliveries.checkOrder(receiver.taken());
        assertThat(receiver.all())
                .as("nothing is sent of what nobody agreed to here")
                .allMatch(got -> got.header(WriteNotification.SUBSCRIPTION).equals("s"));
    }

    private void write(MongoResourceStore store, int changes) {
        for (int i = 0; i < changes; i++) {
            ResourceKey key = new ResourceKey("Organization", "o" + random.nextInt(12));
            ResourceVersion made = store.put(
                            Caller.everyone(),
                            key,
                            fhir("{'resourceType':'Organization','id':'" + key.id() + "','name':'Name "
                                    + random.nextLong() + "'}"),
                            Precondition.none())
                    .current();
            written.add(key + " " + made.version());
        }
    }

    /** And one that is active without anybody's consent, as a copy from another server is. */
    private void subscribe(MongoResourceStore store) {
        ResourceKey key = new ResourceKey("Subscription", "s");
        Subscribed read = ReadSubscription.of(key, 0, Instant.EPOCH, BsonDocument.parse(subscription("s", "")));
        String consent = new SealedSecrets(() -> store.sharedSecret("subscriptions")).consent(read, "local");
        store.put(Caller.everyone(), key, fhir(subscription("s", consent)), Precondition.none());
        ResourceKey copy = new ResourceKey("Subscription", "copy");
        store.put(Caller.everyone(), copy, fhir(subscription("copy", "0".repeat(32))), Precondition.none());
    }

    private String subscription(String id, String consent) {
        return "{'resourceType':'Subscription','id':'" + id
                + "','extension':[{'url':'urn:miroir:subscription:owner','valueString':'local'},"
                + "{'url':'urn:miroir:subscription:approved','valueString':'" + consent
                + "'}],'status':'active','reason':'test','criteria':'Organization','channel':{'type':'rest-hook','endpoint':'"
                + receiver.url("/hook") + "','payload':'application/fhir+json'}}";
    }

    private static RawBsonDocument fhir(String json) {
        return RawBsonDocument.parse(json);
    }
}
