package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Inclusion;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.InclusionQuery;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.index.store.SearchInForce;
import miroir.index.store.TotalQuery;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Scopes of callers on MongoDB: what they cost, and that they are never held against fields that are being made. */
@ExtendWith(MongoExtension.class)
final class ScopeIT {
    private static final String TYPE = "Practitioner";
    private static final ResourceKey KEY = new ResourceKey(TYPE, "p1");
    private static final Condition MARKED = new Condition.In("t_mark-value", List.of(new BsonString("official")));

    private final TestDatabase database;

    ScopeIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void dropAll() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    @Test
    void scope_ofAPendingParameter_isRefusedWhateverIsAsked() {
        CommandSteps floors = new CommandSteps("miroir_floors");
        DescribedSearch files = new DescribedSearch("mark", "Practitioner.gender");
        MongoStoreSettings settings = MongoStoreSettings.of(database.uri(), database.name(), DescribedSearch.TYPES);
        try (MongoResourceStore store =
                OpenStores.open(new StoreDatabase(settings, List.of(floors)), settings, files)) {
            OpenStores.awaitSearchable(store);
            store.put(Caller.everyone(), KEY, practitioner("official"), Precondition.none());
            SearchInForce before = store.inForce();
            whilePending(store, files, floors, () -> {
                calls(store).forEach(this::assertNotReady);
                assertThat(store.read(Caller.everyone(), KEY)).isPresent();
                assertThat(store.read(new Caller(Caller.DEFAULT_TENANT, all(), Scope.nothing(), Scope.nothing()), KEY))
                        .as("who sees all of the type")
                        .isPresent();
            });
            OpenStores.awaitSearchable(store);
            assertThat(store.read(caller(), KEY)).isPresent();
            calls(store.of(before)).forEach(this::assertNotReady);
        }
    }

    /** Fields are made anew once the floors are closed. */
    private static void whilePending(
            MongoResourceStore store, DescribedSearch files, CommandSteps floors, Runnable work) {
        floors.standStill();
        try {
            files.change("mark", "Practitioner.name.use");
            Awaitility.await().until(() -> expression(store).equals("Practitioner.name.use"));
            work.run();
        } finally {
            floors.goOn();
        }
    }

    private static String expression(MongoResourceStore store) {
        SearchParameter parameter = store.inForce().made().registry().find(TYPE, "mark");
        return parameter == null ? "" : parameter.expression();
    }

    private static Scope all() {
        return Scope.of(Map.of(TYPE, Condition.all()));
    }

    private static Caller caller() {
        Scope marked = Scope.of(Map.of(TYPE, MARKED));
        return new Caller(Caller.DEFAULT_TENANT, marked, marked, marked);
    }

    private void assertNotReady(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .as(what)
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.NOT_READY));
    }

    private static Map<String, ThrowingCallable> calls(ResourceStore store) {
        Caller caller = caller();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("read", () -> store.read(caller, KEY));
        calls.put("readVersion", () -> store.readVersion(caller, KEY, 1));
        calls.put("history of one", () -> store.history(caller, history(new HistoryQuery.Resource(KEY))));
        calls.put("history of a type", () -> store.history(caller, history(new HistoryQuery.Types(Set.of(TYPE)))));
        calls.put("select", () -> store.select(caller, new PageQuery(TYPE, Condition.all(), 0, 10, soon())));
        calls.put("stamps", () -> store.stamps(caller, new PageQuery(TYPE, Condition.all(), 0, 10, soon())));
        calls.put("count", () -> store.count(caller, TotalQuery.upTo(10, TYPE, Condition.all(), soon())));
        calls.put("labels", () -> store.labels(caller, TYPE, soon()));
        calls.put("create", () -> store.create(caller, new ResourceKey(TYPE, "p2"), practitioner("official")));
        calls.put("put", () -> store.put(caller, KEY, practitioner("usual"), Precondition.none()));
        calls.put("checkPut", () -> store.checkPut(caller, KEY, practitioner("usual"), Precondition.none()));
        calls.put(
                "createUnlessFound",
                () -> store.createUnlessFound(
                        caller,
                        new Criteria(TYPE, new Condition.Exists("t__tag-value"), soon()),
                        new ResourceKey(TYPE, "p2"),
                        practitioner("official"),
                        ResourceVersion.Origin.CREATED));
        calls.put("delete", () -> store.delete(caller, KEY, Precondition.none()));
        calls.put("checkDelete", () -> store.checkDelete(caller, KEY, Precondition.none()));
        calls.put("erase", () -> store.erase(caller, KEY));
        return calls;
    }

    private static HistoryQuery history(HistoryQuery.Of of) {
        return new HistoryQuery(of, null, null, Instant.now().plusSeconds(60), null, 10, soon());
    }

    private static RawBsonDocument practitioner(String use) {
        return RawBsonDocument.parse("{resourceType: 'Practitioner', id: 'p1', gender: 'official', name: [{use: '" + use
                + "', family: 'F'}]}");
    }

    @Test
    void nothingOfAType_isNotAskedFor() {
        CommandSteps steps = new CommandSteps("Organization", "Organization_history");
        MongoStoreSettings settings = OpenStores.settings(database);
        try (MongoResourceStore store = MongoResourceStore.open(
                new StoreDatabase(settings, List.of(steps)),
                settings,
                ContractFields.registry(),
                new ContractFields(),
                FloorTerms.usual())) {
            OpenStores.awaitSearchable(store);
            ResourceKey organization = new ResourceKey("Organization", "o1");
            put(store, organization, "active: true");
            put(store, KEY, "partOf: {reference: 'Organization/o1'}");
            OpenStores.awaitSearchable(store);
            Caller caller = new Caller(Caller.DEFAULT_TENANT, all(), Scope.nothing(), Scope.nothing());
            Condition chain =
                    new Condition.Linked(Direction.REFERS_TO, "t_partof-reference", "Organization", Condition.all());
            Inclusion organizations = new Inclusion(Direction.REFERS_TO, TYPE, "t_partof-reference", List.of(), false);
            steps.stopBefore(0);

            assertThat(store.read(caller, organization)).isEmpty();
            assertThat(store.readVersion(caller, organization, 1)).isEmpty();
            assertThat(store.select(caller, new PageQuery(TYPE, chain, 0, 10, soon()))
                            .resources())
                    .isEmpty();
            assertThat(store.count(caller, TotalQuery.upTo(10, "Organization", Condition.all(), soon()))
                            .matches())
                    .isZero();
            List<ResourceVersion.Live> matches =
                    List.of((ResourceVersion.Live) store.read(caller, KEY).orElseThrow());
            assertThat(store.include(caller, new InclusionQuery(matches, List.of(organizations), 10, null, soon()))
                            .resources())
                    .isEmpty();
            assertThat(store.history(caller, history(new HistoryQuery.Types(Set.of(TYPE, "Organization"))))
                            .versions())
                    .hasSize(1);
            assertThat(store.history(caller, history(new HistoryQuery.Resource(organization)))
                            .versions())
                    .isEmpty();
            assertThat(steps.steps()).isZero();
        }
    }

    private static void put(ResourceStore store, ResourceKey key, String body) {
        store.put(
                Caller.everyone(),
                key,
                RawBsonDocument.parse("{resourceType: '" + key.type() + "', id: '" + key.id() + "', " + body + "}"),
                Precondition.none());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }
}
