package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import miroir.index.generated.Proves;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Inclusion;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.Deadline;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.index.store.TotalQuery;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions over two types and more, held against the store in memory: whatever side leads, the same is found. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LinkedSearchesIT {
    private static final long SEED = Long.getLong("miroir.test.seed", System.nanoTime());
    private static final List<String> TYPES = List.of("Practitioner", "Organization");
    private static final int RESOURCES = 120;
    private static final int QUERIES = 150;
    private static final String REFERENCE = "t_partof-reference";

    private final MongoResourceStore store;
    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;
    private final ResourceStore model =
            new InMemoryResourceStore(new ContractFields(), ContractStore.ZONE, Instant::now);

    LinkedSearchesIT(TestDatabase test) {
        store = OpenStores.ready(test);
        database = new StoreDatabase(OpenStores.settings(test));
        CountKeys countKeys = new CountKeys(database);
        chooseWalk = new ChooseWalk(new FindDrivers(new TypeIndexes(ContractFields.registry()), countKeys), countKeys);
        fill(new Random(SEED));
    }

    @AfterAll
    void close() {
        database.close();
        store.close();
    }

    private void fill(Random random) {
        for (int i = 0; i < RESOURCES; i++) {
            ResourceKey key = key(random);
            String target = random.nextInt(6) == 0
                    ? "NotServed/1"
                    : random.nextBoolean() ? canonical(random) : key(random).toString();
            String partOf = random.nextInt(4) == 0 ? "" : ", partOf: {reference: '" + target + "'}";
            String url = random.nextInt(3) == 0 ? "" : ", url: '" + url(random) + "'";
            String version = random.nextInt(3) == 0 ? "" : ", version: '" + random.nextInt(3) + "'";
            RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: '" + key.type() + "', id: '" + key.id()
                    + "', active: " + random.nextBoolean() + ", name: ['" + "abc".charAt(random.nextInt(3)) + i % 7
                    + "']" + partOf + url + version + "}");
            for (ResourceStore each : List.of(store, model)) {
                if (random.nextInt(12) == 0) {
                    each.delete(Caller.everyone(), key, Precondition.none());
                }
                each.put(Caller.everyone(), key, fhir, Precondition.none());
            }
        }
    }

    private static String url(Random random) {
        return "http://example.org/" + random.nextInt(12);
    }

    private static String canonical(Random random) {
        return url(random) + (random.nextBoolean() ? "" : "|" + random.nextInt(3));
    }

    /** Few enough ids that some are referred to often, and some that are referred to are not there. */
    private static ResourceKey key(Random random) {
        return new ResourceKey(TYPES.get(random.nextInt(2)), "r" + random.nextInt(40));
    }

    static List<LinkTerms> terms() {
        return List.of(
                LinkTerms.usual(),
                new LinkTerms(0, 2_000, 1_000, 50),
                new LinkTerms(0, 0, 1_000, 50),
                new LinkTerms(0, 0, 1, 1),
                new LinkTerms(3, 5, 2, 3));
    }

    @ParameterizedTest
    @MethodSource("terms")
    @Proves({"chain", "_has", "_has within _has", "_has within a chain", "chain over canonicals", "_has over canonicals"
    })
    void select_byLinks_findsWhatTheModelFinds(LinkTerms terms) {
        SelectMatches selectMatches =
                new SelectMatches(database, chooseWalk, new LinkNames(ContractFields.registry()), terms);
        SelectPage selectPage = new SelectPage(selectMatches);
        CountMatches countMatches = new CountMatches(database, selectMatches);
        Random random = new Random(SEED);
        for (int i = 0; i < QUERIES; i++) {
            String type = TYPES.get(random.nextInt(2));
            Condition where = condition(random, 0);
            String what = "seed " + SEED + ", " + type + " " + where;
            List<String> expected = ids(model.select(Caller.everyone(), page(type, where, 0, 1_000)));
            List<String> found = new ArrayList<>();
            long after = 0;
            Page page;
            do {
                page = selectPage.run(where, Scope.everything(), page(type, where, after, 1 + random.nextInt(20)));
                found.addAll(ids(page));
                List<ResourceVersion.Live> shown = page.resources();
                after = shown.isEmpty() ? after : shown.get(shown.size() - 1).position();
            } while (page.more());

            assertThat(found).as(what).isEqualTo(expected);
            assertThat(countMatches
                            .run(where, Scope.everything(), TotalQuery.all(type, where, null, inAMinute()))
                            .matches())
                    .as(what)
                    .isEqualTo(expected.size());
        }
    }

    @Test
    @Proves({
        "_include",
        "_revinclude",
        "_include:iterate, and :recurse",
        "_revinclude:iterate",
        "_include and _revinclude over canonicals"
    })
    void include_random_findsWhatTheModelFinds() {
        Random random = new Random(SEED);
        for (int i = 0; i < QUERIES; i++) {
            List<ResourceVersion.Live> matches = Stream.generate(() -> key(random))
                    .limit(1 + random.nextInt(5))
                    .distinct()
                    .flatMap(key -> live(key).stream())
                    .toList();
            List<Inclusion> inclusions = Stream.generate(() -> inclusion(random))
                    .limit(1 + random.nextInt(3))
                    .distinct()
                    .toList();
            InclusionQuery query = new InclusionQuery(matches, inclusions, 1_000, null, inAMinute());
            Page expected = model.include(Caller.everyone(), query);
            Page found = store.include(Caller.everyone(), query);

            assertThat(keys(found))
                    .as("seed %d, %s of %s", SEED, inclusions, keys(new Page(matches, false)))
                    .containsExactlyInAnyOrderElementsOf(keys(expected));
            assertThat(found.more()).isFalse();
            assertThat(keys(store.include(
                            Caller.everyone(), new InclusionQuery(matches, inclusions, 1, null, inAMinute()))))
                    .hasSize(Math.min(1, keys(expected).size()));
        }
    }

    private Optional<ResourceVersion.Live> live(ResourceKey key) {
        return store.read(Caller.everyone(), key)
                .filter(ResourceVersion.Live.class::isInstance)
                .map(ResourceVersion.Live.class::cast);
    }

    private static Inclusion inclusion(Random random) {
        return new Inclusion(
                random.nextBoolean() ? Direction.REFERS_TO : Direction.REFERRED_BY,
                TYPES.get(random.nextInt(2)),
                REFERENCE,
                random.nextBoolean() ? List.of() : List.of(TYPES.get(random.nextInt(2))),
                random.nextBoolean());
    }

    private static List<ResourceKey> keys(Page page) {
        return page.resources().stream().map(ResourceVersion.Live::key).toList();
    }

    @Test
    void select_withinScopes_isNotLinkedWithWhatIsOutside() {
        Random random = new Random(SEED);
        for (int i = 0; i < QUERIES; i++) {
            Caller caller = caller(random);
            String type = TYPES.get(random.nextInt(2));
            Condition where = condition(random, 0);
            String what = "seed " + SEED + ", " + type + " " + where + " within " + caller.seen();
            TotalQuery all = TotalQuery.all(type, where, null, inAMinute());

            assertThat(ids(store.select(caller, page(type, where, 0, 1_000))))
                    .as(what)
                    .isEqualTo(ids(model.select(caller, page(type, where, 0, 1_000))));
            assertThat(store.count(caller, all)).as(what).isEqualTo(model.count(caller, all));
        }
    }

    /** One who sees all, nothing or some of each type. */
    static Caller caller(Random random) {
        Map<String, Condition> seen = new HashMap<>();
        for (String type : TYPES) {
            seen.put(
                    type,
                    switch (random.nextInt(5)) {
                        case 0 -> Condition.all();
                        case 1 -> Condition.none();
                        case 2 -> new Condition.Not(condition(random, 3));
                        default -> condition(random, 3);
                    });
        }
        return new Caller(Caller.DEFAULT_TENANT, Scope.of(seen), Scope.nothing(), Scope.nothing());
    }

    /** A random one, about an active flag, a name, or links. */
    static Condition condition(Random random, int depth) {
        return switch (random.nextInt(depth < 3 ? 7 : 3)) {
            case 0 ->
                new Condition.In("t_active-value", List.of(new BsonString(random.nextBoolean() ? "true" : "false")));
            case 1 -> new Condition.Text("t_name", String.valueOf("abc".charAt(random.nextInt(3))), false);
            case 2 -> new Condition.Exists(REFERENCE);
            case 3 -> new Condition.And(List.of(condition(random, depth + 1), condition(random, depth + 1)));
            case 4 -> new Condition.Or(List.of(condition(random, depth + 1), condition(random, depth + 1)));
            default ->
                new Condition.Linked(
                        random.nextBoolean() ? Direction.REFERS_TO : Direction.REFERRED_BY,
                        REFERENCE,
                        TYPES.get(random.nextInt(2)),
                        condition(random, depth + 1));
        };
    }

    private static PageQuery page(String type, Condition where, long after, int limit) {
        return new PageQuery(type, where, after, limit, inAMinute());
    }

    private static Deadline inAMinute() {
        return Deadline.in(Duration.ofMinutes(1));
    }

    private static List<String> ids(Page page) {
        return page.resources().stream().map(each -> each.key().id()).toList();
    }
}
