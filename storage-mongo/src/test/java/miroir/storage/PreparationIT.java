package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Collation;
import com.mongodb.client.model.IndexOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store makes and repairs before it is ready. */
@ExtendWith(MongoExtension.class)
final class PreparationIT {
    private final TestDatabase database;

    PreparationIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void dropAll() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    @Test
    void select_indexDroppedMeanwhile_isNotReadyUntilItIsBuiltAgain() {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1");
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "Practitioner").dropIndexes());

            assertThat(isRefused(store)).isTrue();
            OpenStores.awaitReady(store);
            assertThat(select(store, Condition.all())).containsExactly("p1");
        }
    }

    /** Searches would not find what such an index leaves out, would go without it, or by another order. */
    @ParameterizedTest
    @MethodSource("uselessIndexes")
    void open_uselessIndexOnWantedKeys_isNotReadyAndPreparesOtherTypes(String option, IndexOptions options) {
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "Practitioner")
                        .createIndex(new BsonDocument("n", new BsonInt32(1)), options));

        try (ResourceStore store = open(OpenStores.settings(database))) {
            Awaitility.await().until(() -> store.readiness().detail().contains(option));
            assertThat(store.readiness().ready()).isFalse();
            assertThat(indexes("Organization")).contains("t_name-3g_1_n_1");
        }
    }

    static Stream<Arguments> uselessIndexes() {
        return Stream.of(
                Arguments.of("sparse", new IndexOptions().sparse(true)),
                Arguments.of("hidden", new IndexOptions().hidden(true)),
                Arguments.of(
                        "collation",
                        new IndexOptions()
                                .collation(Collation.builder().locale("fr").build())));
    }

    @Test
    void open_emptyDatabase_makesCompressedCollectionsWithTheirIndexes() {
        OpenStores.ready(database).close();

        assertThat(collections())
                .containsExactlyInAnyOrder(
                        "Practitioner",
                        "Practitioner_history",
                        "Organization",
                        "Organization_history",
                        "miroir_floors",
                        "miroir_search",
                        "miroir_state");
        assertThat(indexes("Practitioner"))
                .containsExactlyInAnyOrder(
                        "_id_",
                        "n_1",
                        "pn_1",
                        "from_1__id_-1",
                        "erased_1__id_1",
                        "src_1__id_1",
                        "_id_1_n_1",
                        "t_lastupdated_1_n_1",
                        "t_identifier-value_1_n_1",
                        "t_active-value_1_n_1",
                        "t_active-min_1_n_1",
                        "t_active-max_1_n_1",
                        "t_name-3g_1_n_1",
                        "t_name-min_1_n_1",
                        "t_name-max_1_n_1",
                        "t_name-w_1_n_1",
                        "t_birthdate.s_1_t_birthdate.e_1",
                        "t_birthdate.e_1_n_1",
                        "t_birthdate-min_1_n_1",
                        "t_birthdate-max_1_n_1",
                        "t_url_1_n_1",
                        "t_version-value_1_n_1",
                        "t_weight.s_1_t_weight.e_1",
                        "t_weight.e_1_n_1",
                        "t_partof-reference_1_n_1",
                        "t_partof-id_1_n_1");
        assertThat(indexes("Practitioner_history"))
                .containsExactlyInAnyOrder("_id_", "n_1_to_1", "from_1__id_-1", "to_1");
        for (String collection : List.of("Practitioner", "Practitioner_history")) {
            OpenStores.inside(
                    database,
                    inside -> assertThat(madeAs(inside, collection))
                            .containsKeys("documents", "_id_", "from_1__id_-1")
                            .allSatisfy((part, options) -> assertThat(options).contains("block_compressor=zstd")));
        }
    }

    /** How MongoDB made the documents and each index of a collection. */
    private static Map<String, String> madeAs(MongoDatabase inside, String collection) {
        BsonDocument statistics = inside.runCommand(
                new BsonDocument("collStats", new BsonString(collection)).append("indexDetails", BsonBoolean.TRUE),
                BsonDocument.class);
        Map<String, String> made = new HashMap<>();
        made.put(
                "documents",
                statistics.getDocument("wiredTiger").getString("creationString").getValue());
        statistics
                .getDocument("indexDetails")
                .forEach((index, details) -> made.put(
                        index, details.asDocument().getString("creationString").getValue()));
        return made;
    }

    @Test
    void open_indexesLost_buildsThemBeforeSearching() {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1");
        }
        OpenStores.inside(
                database, inside -> OpenStores.documents(inside, "Practitioner").dropIndexes());

        try (ResourceStore store = OpenStores.ready(database)) {
            assertThat(indexes("Practitioner")).contains("t_name-3g_1_n_1", "n_1");
            assertThat(select(store, Condition.all())).containsExactly("p1");
        }
    }

    @Test
    void open_whileIndexesAreBuilt_refusesSearchesAndSaysWhy() {
        OpenStores.ready(database).close();
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            new SamplePractitioners(1).load(inside, 3_000);
            inside.current("Practitioner").dropIndexes();
        }

        try (ResourceStore store = open(OpenStores.settings(database))) {
            boolean refused = false;
            while (!store.readiness().ready()) {
                refused = refused || isRefused(store);
            }
            assertThat(refused).isTrue();
            assertThat(select(store, new Condition.In("_id", List.of(new BsonString("p-7")))))
                    .containsExactly("p-7");
        }
    }

    @Test
    void open_extraIndex_isReportedAndDroppedOnlyWhenConfigured() {
        OpenStores.ready(database).close();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "Practitioner")
                        .createIndex(new BsonDocument("t_old-value", new BsonInt32(1))));

        try (ResourceStore store = OpenStores.ready(database)) {
            assertThat(store.readiness().detail()).contains("t_old-value_1").contains("Practitioner");
        }
        MongoStoreSettings given = OpenStores.settings(database);
        try (ResourceStore store = open(new MongoStoreSettings(
                given.uri(),
                given.database(),
                given.types(),
                given.indexesOnFirstUse(),
                given.zone(),
                given.serverSelectionTimeout(),
                given.operationTimeout(),
                given.searchDeadline(),
                true,
                null))) {
            OpenStores.awaitReady(store);
            assertThat(store.readiness().detail()).isEmpty();
        }
        assertThat(indexes("Practitioner")).doesNotContain("t_old-value_1");
    }

    @Test
    void open_indexesOnFirstUse_makesThemWithTheFirstWrite() {
        try (ResourceStore store = open(OpenStores.settings(database).withIndexesOnFirstUse())) {
            OpenStores.awaitReady(store);
            assertThat(collections()).containsExactlyInAnyOrder("miroir_search", "miroir_state");
            assertThat(select(store, Condition.all())).isEmpty();
            assertThat(store.read(Caller.everyone(), new ResourceKey("Practitioner", "p1")))
                    .isEmpty();
            assertThat(collections()).containsExactlyInAnyOrder("miroir_search", "miroir_state");

            put(store, "p1");

            assertThat(collections())
                    .containsExactlyInAnyOrder(
                            "Practitioner",
                            "Practitioner_history",
                            "miroir_counters",
                            "miroir_floors",
                            "miroir_search",
                            "miroir_state");
            assertThat(indexes("Practitioner")).contains("t_name-3g_1_n_1");
            assertThat(select(store, Condition.all())).containsExactly("p1");
        }
    }

    /** What the other one wrote may be much, so that no request waits for what has to be done about it. */
    @Test
    void select_writtenFirstByAnotherServer_isRefusedUntilTheBackgroundIsDone() {
        MongoStoreSettings settings = OpenStores.settings(database).withIndexesOnFirstUse();
        try (ResourceStore one = open(settings);
                ResourceStore other = open(settings)) {
            OpenStores.awaitReady(one);
            OpenStores.awaitReady(other);
            put(one, "p1");

            assertThat(isRefused(other)).isTrue();
            OpenStores.awaitReady(other);
            assertThat(select(other, Condition.all())).containsExactly("p1");
        }
    }

    @Test
    void put_writtenFirstByAnotherServer_isRefusedUntilItCanBeWritten() {
        MongoStoreSettings settings = OpenStores.settings(database).withIndexesOnFirstUse();
        try (ResourceStore one = open(settings);
                ResourceStore other = open(settings)) {
            OpenStores.awaitReady(one);
            OpenStores.awaitReady(other);
            put(one, "p1");

            assertThatThrownBy(() -> put(other, "p2")).isInstanceOfSatisfying(Refusal.class, refusal -> {
                assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY);
                assertThat(refusal).hasMessage("the collections of Practitioner are being prepared: try again");
            });
            OpenStores.awaitReady(other);
            assertThat(put(other, "p2").version()).isEqualTo(1);
        }
    }

    @Test
    void open_counterOlderThanResources_isRaisedAboveEveryPosition() {
        long largest;
        try (ResourceStore store = OpenStores.ready(database)) {
            for (int i = 0; i < 5; i++) {
                put(store, "p" + i);
            }
            largest = put(store, "deleted").position();
            store.delete(Caller.everyone(), new ResourceKey("Practitioner", "deleted"), Precondition.none());
        }
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, "Practitioner_history").deleteMany(new BsonDocument());
            OpenStores.documents(inside, "miroir_counters")
                    .updateMany(new BsonDocument(), new BsonDocument("$set", new BsonDocument("n", new BsonInt64(0))));
        });

        try (ResourceStore store = OpenStores.ready(database)) {
            assertThat(put(store, "new").position()).isGreaterThan(largest);
        }
    }

    @Test
    void open_counterBelowHistoryAlone_isRaised() {
        OpenStores.ready(database).close();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "Practitioner_history")
                        .insertOne(RawBsonDocument.parse("{_id: {id: 'gone', v: 1}, n: {$numberLong: '90000'}}")));

        try (ResourceStore store = OpenStores.ready(database)) {
            assertThat(put(store, "p1").position()).isGreaterThan(90_000);
        }
    }

    @Test
    void open_databaseAway_isNotReadyAndRefuses() {
        MongoStoreSettings away = new MongoStoreSettings(
                "mongodb://127.0.0.1:1/?directConnection=true",
                "away",
                Set.of("Practitioner"),
                false,
                OpenStores.settings(database).zone(),
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                false,
                null);

        try (ResourceStore store = open(away)) {
            assertThat(store.readiness().ready()).isFalse();
            assertThat(store.readiness().detail()).contains("does not answer");
            assertThatThrownBy(() -> store.read(Caller.everyone(), new ResourceKey("Practitioner", "p1")))
                    .asInstanceOf(type(Refusal.class))
                    .extracting(Refusal::reason)
                    .isEqualTo(Refusal.Reason.NOT_READY);
        }
    }

    @Test
    void put_typeThatIsNotServed_isRefused() {
        try (ResourceStore store = OpenStores.ready(database)) {
            assertThatThrownBy(() -> store.put(
                            Caller.everyone(),
                            new ResourceKey("Patient", "p1"),
                            RawBsonDocument.parse("{resourceType: 'Patient', id: 'p1'}"),
                            Precondition.none()))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("Patient")
                    .hasMessageContaining("Organization, Practitioner");
        }
    }

    @Test
    void put_documentAboveSixteenMegabytes_isRefused() {
        String name = "x".repeat(17 * 1024 * 1024);
        try (ResourceStore store = OpenStores.ready(database)) {
            assertThatThrownBy(() -> store.put(
                            Caller.everyone(),
                            new ResourceKey("Practitioner", "p1"),
                            RawBsonDocument.parse("{resourceType: 'Practitioner', id: 'p1', big: '" + name + "'}"),
                            Precondition.none()))
                    .asInstanceOf(type(Refusal.class))
                    .extracting(Refusal::reason)
                    .isEqualTo(Refusal.Reason.TOO_LARGE);
        }
    }

    @Test
    void select_deadlineTooShort_isTooCostlyAndNamesTheClause() {
        try (ResourceStore store = OpenStores.ready(database);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            new SamplePractitioners(2).load(inside, 20_000);
            Condition walk = new Condition.Text("t_name", "0", true);

            assertThatThrownBy(() -> store.count(
                            Caller.everyone(),
                            TotalQuery.all("Practitioner", walk, null, Deadline.in(Duration.ofMillis(2)))))
                    .asInstanceOf(type(Refusal.class))
                    .satisfies(refusal -> {
                        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY);
                        assertThat(refusal).hasMessageContaining("Practitioner").hasMessageContaining("t_name-i");
                    });
            assertThat(store.count(
                            Caller.everyone(),
                            TotalQuery.all("Practitioner", Condition.all(), null, Deadline.in(Duration.ofSeconds(20)))))
                    .isEqualTo(new Total(20_000, true));
        }
    }

    private static ResourceStore open(MongoStoreSettings settings) {
        return MongoResourceStore.open(settings, ContractFields.registry(), new ContractFields());
    }

    private static ResourceVersion.Live put(ResourceStore store, String id) {
        RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + id + "'}");
        ResourceKey key = new ResourceKey("Practitioner", id);
        return (ResourceVersion.Live)
                store.put(Caller.everyone(), key, fhir, Precondition.none()).current();
    }

    private static List<String> select(ResourceStore store, Condition where) {
        return store
                .select(
                        Caller.everyone(),
                        new PageQuery("Practitioner", where, 0, 10, Deadline.in(Duration.ofSeconds(20))))
                .resources()
                .stream()
                .map(live -> live.key().id())
                .toList();
    }

    private static boolean isRefused(ResourceStore store) {
        try {
            select(store, Condition.all());
            return false;
        } catch (Refusal e) {
            assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_READY);
            return true;
        }
    }

    private List<String> collections() {
        List<String> names = new ArrayList<>();
        OpenStores.inside(database, inside -> inside.listCollectionNames().into(names));
        return names;
    }

    private List<String> indexes(String collection) {
        List<String> names = new ArrayList<>();
        OpenStores.inside(database, inside -> {
            for (BsonDocument index : OpenStores.documents(inside, collection).listIndexes(BsonDocument.class)) {
                names.add(index.getString("name").getValue());
            }
        });
        return names;
    }
}
