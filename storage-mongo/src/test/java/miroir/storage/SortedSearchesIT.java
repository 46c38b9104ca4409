package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import miroir.index.generated.Proves;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.Deadline;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.index.store.TotalQuery;
import miroir.index.store.Written;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random searches in random orders, as at random instants of a store in which nearly everything was written over since, held against the
 * store in memory: forward and backward, page by page, whichever way they are found.
 */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SortedSearchesIT {
    private static final long SEED = Long.getLong("miroir.test.seed", System.nanoTime());
    private static final List<String> TYPES = List.of("Practitioner", "Organization");
    private static final List<String> NAMES = List.of("a", "ab", "é", "\uFFFDx", "\uD83D\uDE00", "b", "c", "Z");
    private static final int WRITES = 300;
    private static final int QUERIES = 120;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final ResourceStore model = new InMemoryResourceStore(new ContractFields(), ContractStore.ZONE, now::get);
    private final List<@Nullable Instant> instants = new ArrayList<>();
    private final MongoResourceStore store;
    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;

    /** How a search is done. */
    record Way(LinkTerms links, int fewEnded) {}

    SortedSearchesIT(TestDatabase test) {
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
        for (int i = 0; i < WRITES; i++) {
            ResourceKey key = new ResourceKey(TYPES.get(random.nextInt(2)), "r" + random.nextInt(60));
            if (random.nextInt(8) == 0) {
                Caller everyone = Caller.everyone();
                store.delete(everyone, key, Precondition.none()).ifPresent(written -> {
                    now.set(written.current().from());
                    model.delete(everyone, key, Precondition.none());
                });
            } else {
                RawBsonDocument fhir = resource(key, random);
                Written written = store.put(Caller.everyone(), key, fhir, Precondition.none());
                now.set(written.current().from());
                model.put(Caller.everyone(), key, fhir, Precondition.none());
            }
            if (i % 30 == 29) {
                instants.add(store.settled(Caller.everyone(), Duration.ofSeconds(5), inAMinute()));
            }
        }
        instants.add(null);
    }

    private static RawBsonDocument resource(ResourceKey key, Random random) {
        String name =
                random.nextInt(5) == 0 ? "" : ", name: ['" + pick(NAMES, random) + "', '" + pick(NAMES, random) + "']";
        String active = random.nextInt(3) == 0 ? "" : ", active: " + random.nextBoolean();
        String born = random.nextInt(3) == 0 ? "" : ", birthDate: ['19" + (50 + random.nextInt(9)) + "-01-01']";
        String partOf = random.nextInt(3) == 0
                ? ""
                : ", partOf: {reference: '" + pick(TYPES, random) + "/r" + random.nextInt(60) + "'}";
        String weight =
                random.nextInt(3) == 0 ? "" : ", weight: [" + random.nextInt(9) + ", " + random.nextInt(9) + "]";
        return RawBsonDocument.parse("{resourceType: '" + key.type() + "', id: '" + key.id() + "', telecom: "
                + random.nextInt() + name + active + born + partOf + weight + "}");
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    static List<Way> ways() {
        return List.of(
                new Way(LinkTerms.usual(), 10_000),
                new Way(LinkTerms.usual(), 0),
                new Way(new LinkTerms(0, 0, 1, 3), 0));
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Proves({"_sort by several, up and down", "_sort without an index", "all pages show the store as at the first"})
    void select_inAnyOrderAsAtAnyInstant_isWhatTheModelHas(Way way) {
        SelectMatches selectMatches = new SelectMatches(
                database, chooseWalk, new LinkNames(ContractFields.registry()), way.links(), way.fewEnded());
        Random random = new Random(SEED);
        for (int i = 0; i < QUERIES; i++) {
            String type = pick(TYPES, random);
            // Links are held against a scope before they come here.
            Caller caller = random.nextBoolean() ? Caller.everyone() : LinkedSearchesIT.caller(random);
            int depth = caller.seen().isEverything() ? 0 : 3;
            Condition where = random.nextInt(3) == 0 ? Condition.all() : LinkedSearchesIT.condition(random, depth);
            Order order = order(random);
            Instant asOf = instants.get(random.nextInt(instants.size()));
            String what = "seed " + SEED + ", " + type + " " + where + " by " + order + " as at " + asOf + " within "
                    + caller.seen();
            List<String> expected =
                    shown(model.select(caller, new PageQuery(type, where, order, null, 1_000, asOf, inAMinute())));
            Condition seen = new Condition.And(List.of(where, caller.seen().of(type)));

            assertThat(walk(selectMatches, type, seen, caller.seen(), order, asOf, random))
                    .as(what)
                    .isEqualTo(expected);
            assertThat(new CountMatches(database, selectMatches)
                            .run(seen, caller.seen(), TotalQuery.all(type, seen, asOf, inAMinute()))
                            .matches())
                    .as(what)
                    .isEqualTo(expected.size());
        }
    }

    /** Forward to the end, and back to the beginning, which has to be the same. */
    private static List<String> walk(
            SelectMatches selectMatches,
            String type,
            Condition where,
            Scope seen,
            Order order,
            @Nullable Instant asOf,
            Random random) {
        List<String> forward = new ArrayList<>();
        int limit = 1 + random.nextInt(12);
        SelectPage selectPage = new SelectPage(selectMatches);
        PagePosition start = null;
        PagePosition place = null;
        Page page;
        do {
            page = selectPage.run(where, seen, new PageQuery(type, where, order, place, limit, asOf, inAMinute()));
            forward.addAll(shown(page));
            if (!page.ends().isEmpty()) {
                start = page.ends().get(0);
                place = page.ends().get(1);
            }
        } while (page.more());
        if (start != null) {
            List<String> backward = new ArrayList<>(shown(page));
            Collections.reverse(backward);
            do {
                page = selectPage.run(
                        where, seen, new PageQuery(type, where, order.reversed(), start, limit, asOf, inAMinute()));
                backward.addAll(shown(page));
                start = page.ends().isEmpty() ? start : page.ends().get(1);
            } while (page.more());
            Collections.reverse(backward);
            assertThat(backward).isEqualTo(forward);
        }
        return forward;
    }

    private static Order order(Random random) {
        List<Order.Key> keys = Stream.generate(() -> key(random))
                .limit(random.nextInt(4))
                .distinct()
                .toList();
        return new Order(keys, false);
    }

    private static Order.Key key(Random random) {
        boolean descending = random.nextBoolean();
        String side = descending ? "-max" : "-min";
        return switch (random.nextInt(8)) {
            case 0 -> new Order.Key("t_active" + side, Order.Kind.TEXT, descending);
            case 1 -> new Order.Key("t_birthdate" + side, Order.Kind.NUMBER, descending);
            case 2 -> new Order.Key("t_lastupdated", Order.Kind.NUMBER, descending);
            case 3 -> new Order.Key("_id", Order.Kind.TEXT, descending);
            case 4 -> made("weight", side, Order.Kind.NUMBER, descending, descending ? ".e" : ".s");
            case 5 -> made("partof", side, Order.Kind.TEXT, descending, "-reference");
            case 6 -> made("version", side, Order.Kind.TEXT, descending, "-value");
            default -> new Order.Key("t_name" + side, Order.Kind.TEXT, descending);
        };
    }

    /** One that no index has. */
    private static Order.Key made(String name, String side, Order.Kind kind, boolean descending, String values) {
        return new Order.Key("t_" + name + side, kind, descending, new Order.Values(name, "t_" + name + values));
    }

    private static List<String> shown(Page page) {
        return page.resources().stream()
                .map(live ->
                        live.key() + "/" + live.version() + "/" + live.fhir().get("telecom") + at(live))
                .toList();
    }

    private static String at(ResourceVersion version) {
        return "@" + version.from();
    }

    private static Deadline inAMinute() {
        return Deadline.in(Duration.ofMinutes(1));
    }
}
