package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A type that is loaded without the indexes of searches: one store loads, as the daemon's does, and another one is asked, as a server's is. */
@ExtendWith(MongoExtension.class)
final class FirstLoadIT {
    private static final String TYPE = "Practitioner";
    private static final String OF_A_SEARCH = "t_name-3g_1_n_1";
    private static final int RESOURCES = 30;

    private final TestDatabase database;

    FirstLoadIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void dropAll() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    @Test
    void firstLoad_untilItIsFinished_isReadAndNotSearched() {
        try (MongoResourceStore loader = OpenStores.ready(database);
                MongoResourceStore server = OpenStores.ready(database);
                FirstLoad load = loader.mirrored().firstLoad(TYPE).orElseThrow()) {
            assertThat(indexes()).doesNotContain(OF_A_SEARCH).contains("n_1", "src_1__id_1", "t_lastupdated_1_n_1");
            takeIn(loader);

            awaitRefused(server);
            assertThat(server.read(Caller.everyone(), new ResourceKey(TYPE, "p7")))
                    .isNotNull();
            assertThat(found(server, Condition.all())).hasSize(RESOURCES);
            assertThat(server.readiness().ready()).isTrue();
            assertThat(indexes()).doesNotContain(OF_A_SEARCH);

            load.finish();
            assertThat(indexes()).contains(OF_A_SEARCH);
            OpenStores.awaitSearchable(server);
            assertThat(found(server, named())).hasSize(RESOURCES);
            assertThat(found(loader, named())).hasSize(RESOURCES);
        }
    }

    /** A process that comes while a type is loaded makes no index of a search either. */
    @Test
    void open_whileATypeIsLoadedFirst_leavesItsIndexes() {
        try (MongoResourceStore loader = OpenStores.ready(database);
                FirstLoad load = loader.mirrored().firstLoad(TYPE).orElseThrow()) {
            takeIn(loader);
            assertThat(load.keep()).isTrue();
            try (MongoResourceStore server = openReady()) {
                assertThatThrownBy(() -> found(server, named()))
                        .asInstanceOf(type(Refusal.class))
                        .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY))
                        .satisfies(refusal -> assertThat(refusal.getMessage())
                                .contains("Practitioner is being loaded for the first time"));
                assertThat(indexes()).doesNotContain(OF_A_SEARCH);
            }
        }
    }

    @Test
    void firstLoad_whereSomethingIsThere_isNone() {
        try (MongoResourceStore loader = OpenStores.ready(database)) {
            loader.put(Caller.everyone(), new ResourceKey(TYPE, "p1"), practitioner(1), Precondition.none());

            assertThat(loader.mirrored().firstLoad(TYPE)).isEmpty();
            assertThat(indexes()).contains(OF_A_SEARCH);
        }
    }

    @Test
    void firstLoad_ofTwoAtOnce_isThatOfOne() {
        try (MongoResourceStore loader = OpenStores.ready(database);
                MongoResourceStore other = OpenStores.ready(database);
                FirstLoad load = loader.mirrored().firstLoad(TYPE).orElseThrow()) {
            assertThat(other.mirrored().firstLoad(TYPE)).isEmpty();
            assertThat(load.keep()).isTrue();
        }
    }

    /** As of a run that fails or is stopped. */
    @Test
    void close_beforeEverythingIsThere_hasTheIndexesMadeByWhoeverIsThere() {
        try (MongoResourceStore server = OpenStores.ready(database)) {
            try (MongoResourceStore loader = OpenStores.ready(database);
                    FirstLoad load = loader.mirrored().firstLoad(TYPE).orElseThrow()) {
                takeIn(loader);
                assertThat(load.keep()).isTrue();
            }

            Awaitility.await().until(() -> indexes().contains(OF_A_SEARCH));
            OpenStores.awaitSearchable(server);
            assertThat(found(server, named())).hasSize(RESOURCES);
        }
    }

    /** Whoever dies does not give anything back; the time that he had is over at some moment, which is brought about here. Who was only away for long is too late. */
    @Test
    void silence_ofTheLoader_hasTheIndexesMadeByTheServer_forGood() {
        try (MongoResourceStore loader = OpenStores.ready(database);
                MongoResourceStore server = OpenStores.ready(database);
                FirstLoad load = loader.mirrored().firstLoad(TYPE).orElseThrow()) {
            takeIn(loader);
            awaitRefused(server);

            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "miroir_jobs")
                            .updateOne(
                                    Filters.eq("_id", "first-load/" + TYPE),
                                    Updates.set("until", Date.from(Instant.EPOCH))));

            assertThat(load.keep()).isFalse();
            OpenStores.awaitSearchable(server);
            assertThat(indexes()).contains(OF_A_SEARCH);
            assertThat(found(server, named())).hasSize(RESOURCES);
            load.finish();
            assertThat(found(loader, named())).hasSize(RESOURCES);
        }
    }

    /** What became known while another type was prepared is known of this one as well. */
    @Test
    void firstLoad_whileTheServerPreparesAnotherType_isKnownToIt() {
        try (MongoResourceStore loader = OpenStores.ready(database);
                MongoResourceStore server = OpenStores.ready(database);
                FirstLoad load = loader.mirrored().firstLoad(TYPE).orElseThrow()) {
            takeIn(loader);
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "Organization").dropIndexes());
            Awaitility.await().until(() -> isRefused(server, "Organization", new Condition.Text("t_name", "x", false)));
            OpenStores.awaitReady(server);

            assertThat(load.keep()).isTrue();
            assertThat(isRefused(server, TYPE, new Condition.Not(new Condition.Exists("t_active-value"))))
                    .isTrue();
        }
    }

    private static boolean isRefused(MongoResourceStore store, String type, Condition where) {
        try {
            store.select(Caller.everyone(), new PageQuery(type, where, 0, 10, Deadline.in(Duration.ofSeconds(20))));
            return false;
        } catch (Refusal e) {
            return e.reason() == Refusal.Reason.NOT_READY;
        }
    }

    private MongoResourceStore openReady() {
        MongoResourceStore store =
                MongoResourceStore.open(OpenStores.settings(database), ContractFields.registry(), new ContractFields());
        OpenStores.awaitReady(store);
        return store;
    }

    private static void awaitRefused(MongoResourceStore store) {
        Awaitility.await().until(() -> {
            try {
                found(store, named());
                return false;
            } catch (Refusal e) {
                return e.reason() == Refusal.Reason.NOT_READY && e.toString().contains("for the first time");
            }
        });
    }

    private static void takeIn(MongoResourceStore store) {
        List<Mirrored> batch = IntStream.range(0, RESOURCES)
                .mapToObj(i -> new Mirrored(new ResourceKey(TYPE, "p" + i), practitioner(i), Instant.EPOCH))
                .toList();
        store.mirrored().ingest("source", TYPE, batch, Instant.now().plus(Duration.ofMinutes(10)));
    }

    private static RawBsonDocument practitioner(int number) {
        return RawBsonDocument.parse("{\"resourceType\": \"Practitioner\", \"id\": \"p" + number
                + "\", \"name\": \"Dupont " + number + "\"}");
    }

    private static Condition named() {
        return new Condition.Text("t_name", "dupont", false);
    }

    private static List<String> found(MongoResourceStore store, Condition where) {
        return store
                .select(
                        Caller.everyone(),
                        new PageQuery(TYPE, where, 0, RESOURCES + 1, Deadline.in(Duration.ofSeconds(20))))
                .resources()
                .stream()
                .map(live -> live.key().id())
                .toList();
    }

    private List<String> indexes() {
        List<String> names = new ArrayList<>();
        OpenStores.inside(database, inside -> {
            for (BsonDocument index : OpenStores.documents(inside, TYPE).listIndexes(BsonDocument.class)) {
                names.add(index.getString("name").getValue());
            }
        });
        return names;
    }
}
