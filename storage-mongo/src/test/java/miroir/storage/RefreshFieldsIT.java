package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.SearchFields;
import miroir.index.store.Written;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.awaitility.Awaitility;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A store that is opened with other search fields than those that it was written with. */
@ExtendWith(MongoExtension.class)
final class RefreshFieldsIT {
    private static final int MANY = 1_000;
    private static final Condition LYON = new Condition.In("t_city-value", List.of(new BsonString("Lyon")));

    private final TestDatabase database;

    RefreshFieldsIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void dropAll() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    @Test
    void open_newParameter_findsWhatWasWrittenBefore() {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1", "Lyon");
            put(store, "p2", "Paris");
            put(store, "p2", "Lyon");
            put(store, "p3", "Lyon");
            store.delete(Caller.everyone(), new ResourceKey("Practitioner", "p3"), Precondition.none());
        }
        BsonDocument before = current("p2");

        try (ResourceStore store = openReady(new CityFields(2))) {
            assertThat(select(store, LYON)).containsExactly("p1", "p2");
            assertThat(store.readiness().detail()).isEmpty();
        }
        BsonDocument after = current("p2");
        assertThat(OpenStores.number(after)).isEqualTo(2);
        after.remove("x");
        after.remove("t_city-value");
        before.remove("x");
        assertThat(after).isEqualTo(before);
        assertThat(documents("Practitioner_history"))
                .hasSize(2)
                .allSatisfy(old -> assertThat(old)
                        .satisfies(each -> assertThat(OpenStores.number(each)).isEqualTo(2))
                        .containsKey("t_city-value")
                        .containsKey("to"));
    }

    @Test
    void open_parameterGone_removesItsFields() {
        try (ResourceStore store = openReady(new CityFields(2))) {
            put(store, "p1", "Lyon");
        }

        try (MongoResourceStore store = OpenStores.ready(database)) {
            OpenStores.awaitSearchable(store);
            Awaitility.await().until(() -> !current("p1").containsKey("t_city-value"));
        }

        assertThat(OpenStores.number(current("p1"))).isEqualTo(2);
    }

    @Test
    void open_sameGeneration_extractsNothing() {
        try (ResourceStore store = openReady(new CityFields(2))) {
            put(store, "p1", "Lyon");
        }
        // Would be found by reading the collection, which an ordinary start does not do.
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "Practitioner")
                        .updateMany(new BsonDocument(), Updates.set("x", 0L)));
        CityFields again = new CityFields(2);

        openReady(again).close();

        assertThat(again.extracted).isEmpty();
    }

    @Test
    void open_collectionReplacedByOlderCopy_isLookedThroughAgain() {
        List<BsonDocument> copy;
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1", "Lyon");
            copy = documents("Practitioner");
        }
        openReady(new CityFields(2)).close();
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, "Practitioner").drop();
            OpenStores.documents(inside, "Practitioner").insertMany(copy);
        });

        try (ResourceStore store = openReady(new CityFields(2))) {
            assertThat(select(store, LYON)).containsExactly("p1");
        }
    }

    @Test
    void open_whileFieldsAreMade_refusesTheParameterWithProgressAndGoesOnWithTheRest() throws Exception {
        writeMany();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CityFields fields = new CityFields(2);
        fields.onExtract = key -> {
            // The writes of this test must not wait for what waits for them.
            if (fields.extracted.size() == MANY / 2
                    && Thread.currentThread().getName().equals("make-searchable")) {
                reached.countDown();
                await(released);
            }
        };
        try (MongoResourceStore store = open(fields)) {
            reached.await();
            assertThat(store.readiness().ready()).isTrue();
            assertThat(store.readiness().detail())
                    .contains("search parameters of Practitioner that cannot be searched yet: city")
                    .contains("search fields of Practitioner", "of at most 1000");
            assertThat(store.inForce().pending().why("Practitioner", "city"))
                    .hasValueSatisfying(why -> assertThat(why).contains("Practitioner.city", "of at most 1000"));
            assertThat(store.searchWork())
                    .extracting(SearchWork::pending, SearchWork::fieldsMost)
                    .containsExactly(1L, 1_000L);
            assertThatThrownBy(() -> select(store, LYON))
                    .asInstanceOf(type(Refusal.class))
                    .extracting(Refusal::reason)
                    .isEqualTo(Refusal.Reason.NOT_READY);
            assertThat(select(store, Condition.all())).hasSize(MANY);
            ResourceKey first = new ResourceKey("Practitioner", "p1");
            assertThat(store.read(Caller.everyone(), first)).isPresent();
            put(store, "p1", "Paris");
            put(store, "p" + (MANY - 1), "Paris");
            put(store, "other", "Lyon");
            put(store, "Organization", "o1", "Lyon");

            released.countDown();
            OpenStores.awaitSearchable(store);

            assertThat(store.searchWork()).isEqualTo(new SearchWork(0, 0, 0, 0, 0, 0));
            assertThat(select(store, LYON)).hasSize(MANY - 1).contains("other").doesNotContain("p1");
            assertThat(documents("Practitioner_history"))
                    .hasSize(2)
                    .allSatisfy(old -> assertThat(old)
                            .satisfies(
                                    each -> assertThat(OpenStores.number(each)).isEqualTo(2)));
        }
    }

    @Test
    void open_closedInTheMiddle_goesOnWithTheRest() {
        writeMany();
        AtomicReference<MongoResourceStore> opened = new AtomicReference<>();
        AtomicBoolean closed = new AtomicBoolean();
        CityFields first = new CityFields(2);
        CountDownLatch known = new CountDownLatch(1);
        first.onExtract = key -> {
            await(known);
            if (first.extracted.size() == MANY / 2 && closed.compareAndSet(false, true)) {
                Objects.requireNonNull(opened.get()).close();
            }
        };
        opened.set(open(first));
        known.countDown();
        Awaitility.await().untilTrue(closed);
        long behind = documents("Practitioner").stream()
                .filter(document -> document.getInt64("x").getValue() == 1)
                .count();
        assertThat(behind).isBetween(1L, (long) MANY - 1);

        CityFields second = new CityFields(2);
        try (ResourceStore store = openReady(second)) {
            assertThat(select(store, LYON)).hasSize(MANY);
            assertThat(second.extracted).hasSizeLessThan(MANY);
        }
    }

    @Test
    void open_mongodKilledInTheMiddle_becomesReadyByItself() throws Exception {
        try (LocalMongod mongod = LocalMongod.start(TestMongod.binary())) {
            RefreshFieldsIT other = new RefreshFieldsIT(new TestDatabase(mongod.uri(), "refreshed"));
            other.writeMany();
            CountDownLatch reached = new CountDownLatch(1);
            CountDownLatch killed = new CountDownLatch(1);
            CityFields fields = new CityFields(2);
            fields.onExtract = key -> {
                if (fields.extracted.size() == MANY / 2) {
                    reached.countDown();
                    await(killed);
                }
            };
            try (MongoResourceStore store = other.open(fields)) {
                reached.await();
                mongod.kill();
                mongod.restart();
                killed.countDown();
                OpenStores.awaitSearchable(store);
                assertThat(other.select(store, LYON)).hasSize(MANY);
            }
        }
    }

    @Test
    void open_whileWritersWork_leavesNothingBehind() {
        writeMany();
        AtomicBoolean stop = new AtomicBoolean();
        try (MongoResourceStore store = open(new CityFields(2))) {
            CompletableFuture<?>[] writers = new CompletableFuture<?>[] {
                CompletableFuture.runAsync(() -> writeOn(store, stop, 0)),
                CompletableFuture.runAsync(() -> writeOn(store, stop, MANY / 2))
            };
            OpenStores.awaitSearchable(store);
            stop.set(true);
            CompletableFuture.allOf(writers).join();
        }
        for (String collection : List.of("Practitioner", "Practitioner_history")) {
            assertThat(documents(collection))
                    .isNotEmpty()
                    .allSatisfy(document -> assertThat(document)
                            .satisfies(
                                    each -> assertThat(OpenStores.number(each)).isEqualTo(2))
                            .containsKey("t_city-value"));
        }
    }

    @Test
    void put_overVersionOfOtherGeneration_givesHistoryTheFieldsOfToday() {
        try (ResourceStore store = openReady(new CityFields(2))) {
            put(store, "p1", "Lyon");
            // As a writer finds it that read before the version got its fields anew, and writes after history did.
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "Practitioner")
                            .updateMany(
                                    new BsonDocument(),
                                    Updates.combine(Updates.set("x", 0L), Updates.unset("t_city-value"))));

            put(store, "p1", "Paris");

            assertThat(documents("Practitioner_history"))
                    .singleElement()
                    .satisfies(old -> assertThat(old)
                            .satisfies(
                                    each -> assertThat(OpenStores.number(each)).isEqualTo(1))
                            .containsEntry("t_city-value", new BsonArray(List.of(new BsonString("Lyon")))));
        }
    }

    @Test
    void open_versionThatCannotGetItsFields_isReadyAndSaysSoAndTriesAgainNextTime() {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1", "Lyon");
            put(store, "p2", "Lyon");
        }
        CityFields failing = failingFor("p1");

        try (ResourceStore store = openReady(failing)) {
            assertThat(store.readiness().detail()).contains("keep search fields", "Practitioner=1");
            assertThat(store.incompleteTypes()).containsExactly("Practitioner");
            assertThat(select(store, LYON)).containsExactly("p2");
            try (ResourceStore other = openReady(new CityFields(2))) {
                Awaitility.await().untilAsserted(() -> {
                    assertThat(store.incompleteTypes()).isEmpty();
                    assertThat(other.incompleteTypes()).isEmpty();
                });
            }
        }
        try (ResourceStore store = openReady(new CityFields(2))) {
            Awaitility.await().until(() -> select(store, LYON), List.of("p1", "p2")::equals);
            Awaitility.await().until(() -> store.incompleteTypes().isEmpty());
        }
    }

    /** It may refer to what is deleted, and nobody would find that. */
    @Test
    void delete_whileSomethingKeepsOlderFields_isRefusedWhereReferencesAreKept() {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1", "Lyon");
            put(store, "p2", "Lyon");
        }
        CityFields failing = failingFor("p1");
        ResourceKey other = new ResourceKey("Practitioner", "p2");
        try (MongoResourceStore store = MongoResourceStore.open(
                OpenStores.settings(database).withIntegrity(new IntegritySettings(false, true)),
                new SameSearch(CityFields.registry(), failing, ContractStore.ZONE))) {
            OpenStores.awaitSearchable(store);

            assertThatThrownBy(() -> store.delete(Caller.everyone(), other, Precondition.none()))
                    .isInstanceOfSatisfying(Refusal.class, refusal -> {
                        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY);
                        assertThat(refusal).hasMessageContaining("some of Practitioner keep search fields of before");
                    });
            failing.onExtract = key -> {};
            put(store, "p1", "Paris");
            assertThat(store.incompleteTypes()).isEmpty();
            assertThat(store.delete(Caller.everyone(), other, Precondition.none()))
                    .isPresent();
        }
    }

    /** One that it takes without the fields and not with them, as where it would be too large for an index. */
    @Test
    void open_versionThatTheDatabaseRefuses_isReadyAndSaysSo() {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1", "Lyon");
            put(store, "p2", "Lyon");
        }
        OpenStores.inside(
                database,
                inside -> inside.runCommand(
                        BsonDocument.parse("{collMod: 'Practitioner', validator: {_id: {$ne: 'p1'}}}")));

        try (ResourceStore store = openReady(new CityFields(2))) {
            assertThat(store.readiness().detail()).contains("keep search fields", "Practitioner=1");
            assertThat(select(store, LYON)).containsExactly("p2");
        }
    }

    @Test
    void put_unchangedVersionWithOlderFields_leavesThem() {
        try (ResourceStore store = openReady(new CityFields(2))) {
            put(store, "p1", "Lyon");
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "Practitioner")
                            .updateMany(new BsonDocument(), Updates.set("x", 0L)));
            BsonDocument before = current("p1");
            ResourceKey key = new ResourceKey("Practitioner", "p1");

            assertThat(store.put(Caller.everyone(), key, resource(key, "Lyon"), Precondition.none())
                            .effect())
                    .isEqualTo(Written.Effect.UNCHANGED);

            assertThat(current("p1")).isEqualTo(before);
        }
    }

    /** Who makes them anew does that; a whole document put in its place would take back what others change of it meanwhile. */
    @Test
    void ingest_unchangedVersionWithOlderFields_leavesThem() {
        ResourceKey key = new ResourceKey("Practitioner", "p1");
        Instant up = Instant.parse("2026-09-01T10:00:00Z");
        List<Mirrored> same = List.of(new Mirrored(key, resource(key, "Lyon"), up));
        try (MongoResourceStore store = openReady(new CityFields(2))) {
            store.mirrored().ingest("source", "Practitioner", same, up.plus(Duration.ofDays(10_000)));
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, "Practitioner")
                            .updateMany(new BsonDocument(), Updates.set("x", 0L)));
            BsonDocument before = current("p1");

            assertThat(store.mirrored()
                            .ingest("source", "Practitioner", same, up.plus(Duration.ofDays(10_000)))
                            .unchanged())
                    .isEqualTo(1);

            assertThat(current("p1")).isEqualTo(before);
        }
    }

    /** So that none is read of a primary that was replaced, and that by the connections which read. */
    @Test
    void run_beforeEachCollection_hasAMajorityKnowSomething() {
        write(4);
        List<String> byOthers = new CopyOnWriteArrayList<>();
        profile(2);
        try {
            refresh(2, 0, Duration.ofSeconds(20), () -> true, command -> {
                if (command.toString().contains("made anew of at most")) {
                    byOthers.add(command.toJson());
                }
            });
        } finally {
            profile(0);
        }

        assertThat(documents("system.profile"))
                .extracting(done -> done.getString("op").getValue() + " "
                        + done.getString("ns").getValue())
                .containsSubsequence(
                        "update " + database.name() + ".miroir_state",
                        "query " + database.name() + ".Practitioner",
                        "update " + database.name() + ".miroir_state",
                        "query " + database.name() + ".Practitioner_history");
        assertThat(byOthers).isEmpty();
    }

    /** As after a kill: what is done already is read, and that may take longer than the job is held for. */
    @Test
    void run_nothingBehind_isAskedWhetherToGoOnAllTheSame() {
        writeMany();
        AtomicInteger asked = new AtomicInteger();

        refresh(1, 0, Duration.ofSeconds(20), () -> asked.incrementAndGet() > 0, command -> {});

        assertThat(asked).hasValueGreaterThanOrEqualTo(MANY / 200);
    }

    @Test
    void run_slowly_holdsTheJobWhileItPauses() {
        write(4);
        List<String> kept = new CopyOnWriteArrayList<>();

        refresh(2, 2, Duration.ofMillis(400), () -> true, command -> {
            if (command.containsKey("update") && command.toString().contains("miroir_jobs")) {
                kept.add(command.toJson());
            }
        });

        int madeSureAndLetGo = 2;
        int pauses = 2;
        assertThat(kept).hasSizeGreaterThanOrEqualTo(madeSureAndLetGo + pauses);
        assertThat(documents("Practitioner"))
                .hasSize(4)
                .allSatisfy(each -> assertThat(each).containsEntry("x", new BsonInt64(2)));
    }

    private void refresh(
            int number,
            int documentsPerSecond,
            Duration lease,
            BooleanSupplier goesOn,
            Consumer<BsonDocument> onCommand) {
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                onCommand.accept(event.getCommand());
            }
        };
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database), List.of(listener))) {
            new RefreshFields(inside, new FieldsMarks(inside), documentsPerSecond, lease)
                    .run("Practitioner", Numbers.documents(new ContractFields(), number), goesOn);
        }
    }

    private void profile(int level) {
        OpenStores.inside(database, inside -> inside.runCommand(new BsonDocument("profile", new BsonInt32(level))));
    }

    private void writeMany() {
        write(MANY);
    }

    private void write(int count) {
        OpenStores.ready(database).close();
        VersionDocuments documents = Numbers.documents();
        List<BsonDocument> many = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ResourceKey key = new ResourceKey("Practitioner", "p" + i);
            Content content = new Content(resource(key, "Lyon"));
            Instant from = Instant.EPOCH.plusSeconds(i);
            many.add(
                    documents.live(new NewVersion(key, content, i, 1, ResourceVersion.Origin.PUT_CREATED, from, null)));
        }
        OpenStores.inside(
                database, inside -> OpenStores.documents(inside, "Practitioner").insertMany(many));
    }

    private static void writeOn(ResourceStore store, AtomicBoolean stop, int first) {
        Awaitility.await().until(() -> isWritten(store, first + 1));
        for (int i = 2; i <= MANY / 2 && !stop.get(); i++) {
            put(store, "p" + (first + i), "Paris");
        }
    }

    private static boolean isWritten(ResourceStore store, int i) {
        try {
            put(store, "p" + i, "Paris");
            return true;
        } catch (Refusal e) {
            // Before the collections have been looked at.
            assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_READY);
            return false;
        }
    }

    private static CityFields failingFor(String id) {
        CityFields failing = new CityFields(2);
        failing.onExtract = key -> {
            if (key.id().equals(id)) {
                throw new IllegalStateException("cannot be extracted");
            }
        };
        return failing;
    }

    private MongoResourceStore open(CityFields fields) {
        return OpenStores.open(database, new SameSearch(CityFields.registry(), fields, ContractStore.ZONE));
    }

    private MongoResourceStore openReady(CityFields fields) {
        MongoResourceStore store = open(fields);
        OpenStores.awaitSearchable(store);
        return store;
    }

    private static void put(ResourceStore store, String id, String city) {
        put(store, "Practitioner", id, city);
    }

    private static void put(ResourceStore store, String type, String id, String city) {
        ResourceKey key = new ResourceKey(type, id);
        store.put(Caller.everyone(), key, resource(key, city), Precondition.none());
    }

    private static RawBsonDocument resource(ResourceKey key, String city) {
        return RawBsonDocument.parse(
                "{resourceType: '" + key.type() + "', id: '" + key.id() + "', city: '" + city + "'}");
    }

    private List<String> select(ResourceStore store, Condition where) {
        PageQuery query = new PageQuery("Practitioner", where, 0, 2 * MANY, Deadline.in(Duration.ofSeconds(20)));
        return store.select(Caller.everyone(), query).resources().stream()
                .map(live -> live.key().id())
                .toList();
    }

    private BsonDocument current(String id) {
        List<BsonDocument> found = new ArrayList<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "Practitioner")
                        .find(Filters.eq("_id", id))
                        .into(found));
        return found.get(0);
    }

    private List<BsonDocument> documents(String collection) {
        List<BsonDocument> found = new ArrayList<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, collection).find().into(found));
        return found;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The contract's fields and one more. */
    private static final class CityFields implements SearchFields {
        private final SearchFields contract = new ContractFields();
        private final int generation;
        private final Set<String> extracted = ConcurrentHashMap.newKeySet();
        private volatile Consumer<ResourceKey> onExtract = key -> {};

        CityFields(int generation) {
            this.generation = generation;
        }

        static SearchParameterRegistry registry() {
            List<SearchParameter> parameters = new ArrayList<>();
            for (String type : ContractFields.registry().types()) {
                parameters.addAll(ContractFields.registry().of(type));
            }
            parameters.add(new SearchParameter(
                    "Practitioner",
                    "city",
                    SearchParameterType.TOKEN,
                    "Practitioner.city",
                    "city",
                    true,
                    false,
                    "",
                    "",
                    List.of(),
                    List.of(),
                    "test"));
            return SearchParameterRegistry.of(List.of("Practitioner", "Organization"), parameters);
        }

        @Override
        public String digest(SearchParameter parameter) {
            return parameter.code().equals("city") ? "city " + generation : contract.digest(parameter);
        }

        @Override
        public BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir) {
            extracted.add(key.toString());
            onExtract.accept(key);
            return contract.extract(key, from, fhir).append("t_city-value", new BsonArray(List.of(fhir.get("city"))));
        }
    }
}
