package miroir.storage;

import static miroir.index.store.PutOutcomes.reason;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.PutOutcomes;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.index.store.Written.Effect;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several puts at once: how few commands they take, and that nothing is lost or told wrongly whoever else writes. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PutTogetherIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final String TYPE = "Practitioner";
    private static final String HISTORY = TYPE + "_history";
    private static final int MANY = 200;

    private final TestDatabase database;
    private final CommandSteps steps = new CommandSteps(TYPE, HISTORY);
    private final MongoResourceStore store;

    PutTogetherIT(TestDatabase database) {
        this.database = database;
        this.store = OpenStores.ready(database, steps);
    }

    @BeforeEach
    void empty() {
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, TYPE).deleteMany(new BsonDocument());
            OpenStores.documents(inside, HISTORY).deleteMany(new BsonDocument());
        });
        steps.stopBefore(0);
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static ResourceKey key(String id) {
        return new ResourceKey(TYPE, id);
    }

    private static Put toPut(String id, String name) {
        return new Put(
                key(id),
                RawBsonDocument.parse(
                        "{resourceType: '" + TYPE + "', id: '" + id + "', name: ['" + name + "'], active: true}"),
                false);
    }

    private static List<Put> many(String name) {
        return IntStream.range(0, MANY).mapToObj(i -> toPut("p" + i, name)).toList();
    }

    private static List<PutOutcome> putEach(ResourceStore store, List<Put> puts) {
        return store.putEach(Caller.everyone(), puts, Deadline.in(Duration.ofSeconds(60)));
    }

    private static List<Written> stored(List<PutOutcome> outcomes) {
        return outcomes.stream().map(PutOutcomes::stored).toList();
    }

    private VersionChains gapless() {
        VersionChains chains = VersionChains.read(database, TYPE);
        chains.checkGapless("seed " + SEED);
        return chains;
    }

    @Test
    void putEach_new_takesOneCommandBesideTheLook() {
        List<Written> written = stored(putEach(store, many("Anne")));

        assertThat(written).extracting(Written::effect).containsOnly(Effect.CREATED);
        assertThat(steps.count("find")).isEqualTo(1);
        assertThat(steps.count("aggregate")).isEqualTo(1);
        assertThat(steps.count("insert") + steps.count("update")).isZero();
        assertThat(gapless().versions()).isEqualTo(MANY);
    }

    @Test
    void putEach_changed_takesAsManyCommandsAsOne() {
        putEach(store, many("Anne"));
        steps.stopBefore(0);

        List<Written> written = stored(putEach(store, many("Anna")));

        assertThat(written).extracting(Written::effect).containsOnly(Effect.UPDATED);
        assertThat(steps.count("find")).isEqualTo(1);
        assertThat(steps.count("insert")).isEqualTo(1);
        assertThat(steps.count("update")).isEqualTo(2);
        assertThat(steps.count("aggregate")).isZero();
        VersionChains chains = gapless();
        assertThat(chains.versions()).isEqualTo(2 * MANY);
        assertThat(chains.withoutEnd()).isZero();
    }

    @Test
    void putEach_same_takesTheLookOnly() {
        List<Written> first = stored(putEach(store, many("Anne")));
        steps.stopBefore(0);

        List<Written> again = stored(putEach(store, many("Anne")));

        assertThat(again).extracting(Written::effect).containsOnly(Effect.UNCHANGED);
        assertThat(again)
                .extracting(Written::current)
                .isEqualTo(first.stream().map(Written::current).toList());
        assertThat(steps.steps()).isEqualTo(1);
    }

    /** They are read and sent one by one, as ever: not all of them have to fit into memory. */
    @Test
    void putEach_large_areNotTogether() {
        List<Put> large = IntStream.range(0, 3)
                .mapToObj(i -> toPut("p" + i, i + "x".repeat(3 << 20)))
                .toList();
        putEach(store, large);
        steps.stopBefore(0);

        List<Written> smaller = stored(putEach(store, many("Anne")));

        assertThat(smaller.subList(0, 3)).extracting(Written::effect).containsOnly(Effect.UPDATED);
        assertThat(smaller.subList(3, MANY)).extracting(Written::effect).containsOnly(Effect.CREATED);
        assertThat(steps.count("aggregate")).isZero();
        assertThat(gapless().versions()).isEqualTo(MANY + 3);
    }

    @Test
    void putEach_somebodyElsesCopy_isRefusedAlone() {
        Instant up = Instant.parse("2026-09-01T10:00:00Z");
        store.mirrored()
                .ingest(
                        "annuaire",
                        TYPE,
                        List.of(new Mirrored(key("p1"), toPut("p1", "Anne").fhir(), up)),
                        Instant.parse("2999-01-01T00:00:00Z"));

        List<PutOutcome> outcomes = putEach(store, many("Anna"));

        assertThat(reason(outcomes.get(1))).isEqualTo(Refusal.Reason.FORBIDDEN);
        assertThat(PutOutcomes.stored(outcomes.get(0)).effect()).isEqualTo(Effect.CREATED);
        assertThat(store.mirrored().owned("annuaire", TYPE)).isEqualTo(1);
        assertThat(gapless().versions()).isEqualTo(MANY);
    }

    @Test
    void putEach_referencesAreLookedAt_lookedAtEach() {
        MongoStoreSettings settings = OpenStores.settings(database).withIntegrity(new IntegritySettings(true, false));
        try (MongoResourceStore looking =
                MongoResourceStore.open(settings, ContractFields.registry(), new ContractFields())) {
            OpenStores.awaitSearchable(looking);
            Put dangling = new Put(
                    key("p1"),
                    RawBsonDocument.parse("{resourceType: '" + TYPE
                            + "', id: 'p1', qualification: [{issuer: {reference: 'Organization/nowhere'}}]}"),
                    false);

            List<PutOutcome> outcomes = putEach(looking, List.of(toPut("p0", "Anne"), dangling, toPut("p2", "Zoé")));

            assertThat(outcomes.get(1)).isInstanceOf(PutOutcome.Failed.class);
            assertThat(List.of(PutOutcomes.stored(outcomes.get(0)), PutOutcomes.stored(outcomes.get(2))))
                    .extracting(Written::effect)
                    .containsOnly(Effect.CREATED);
        }
    }

    /** One document that the database itself does not take: the others are there once, and told so. */
    @Test
    void putEach_databaseRefusesOne_storesTheOthers() {
        refuse(new BsonDocument("t_name", new BsonDocument("$ne", new BsonString("Anna"))));
        List<Put> puts = new ArrayList<>(many("Anne"));
        puts.set(100, toPut("p100", "Anna"));

        List<PutOutcome> outcomes = new ArrayList<>(putEach(store, puts));

        refuse(new BsonDocument());
        assertThat(outcomes.remove(100)).isInstanceOf(PutOutcome.Failed.class);
        assertThat(stored(outcomes)).extracting(Written::effect).containsOnly(Effect.CREATED);
        assertThat(gapless().versions()).isEqualTo(MANY - 1);
    }

    private void refuse(BsonDocument unless) {
        OpenStores.inside(
                database,
                inside -> inside.runCommand(
                        new BsonDocument("collMod", new BsonString(TYPE)).append("validator", unless)));
    }

    /** Whoever made some of them between the look and the write: nothing is written over unseen. */
    @Test
    void putEach_othersAreFaster_goesOnWithWhatIsThere() {
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            interference.after(
                    "find",
                    () -> putEach(store, List.of(toPut("p3", "faster"), toPut("p4", "Anne"), toPut("p5", "faster"))));

            List<Written> outcomes = stored(putEach(watched, many("Anne")));

            assertThat(outcomes.get(3).effect()).isEqualTo(Effect.UPDATED);
            assertThat(outcomes.get(4).effect()).isEqualTo(Effect.UNCHANGED);
            assertThat(outcomes.get(5).current().version()).isEqualTo(2);
            assertThat(outcomes.get(6).effect()).isEqualTo(Effect.CREATED);
        }
        assertThat(gapless().versions()).isEqualTo(MANY + 2);
    }

    /** Others follow what was written before it is known that it was: nothing is written over them a second time. */
    @Test
    void putEach_othersFollowAtOnce_isStoredAndNotWrittenAgain() {
        putEach(store, many("Anne"));
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            interference.after("find", () -> {
                putEach(store, List.of(toPut("p3", "faster")));
                interference.after("update", () -> follow("p4", "p5"));
            });

            List<Written> written = stored(putEach(watched, many("Anna")));

            assertThat(written.get(3).current().version()).isEqualTo(3);
            assertThat(written.subList(4, MANY))
                    .extracting(each -> each.current().version())
                    .containsOnly(2L);
        }
        VersionChains chains = gapless();
        assertThat(List.of(chains.of("p3"), chains.of("p4"), chains.of("p5"), chains.of("p6")))
                .extracting(List::size)
                .containsExactly(3, 3, 3, 2);
    }

    @Test
    void putEach_othersFollowNewOnesAtOnce_isStoredAndNotWrittenAgain() {
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            interference.after("find", () -> {
                putEach(store, List.of(toPut("p199", "faster")));
                interference.after("aggregate", () -> follow("p0", "p1"));
            });

            List<Written> written = stored(putEach(watched, many("Anne")));

            assertThat(written.subList(0, MANY - 1)).extracting(Written::effect).containsOnly(Effect.CREATED);
            assertThat(written.get(MANY - 1).effect()).isEqualTo(Effect.UPDATED);
        }
        VersionChains chains = gapless();
        assertThat(List.of(chains.of("p0"), chains.of("p1"), chains.of("p2"), chains.of("p199")))
                .extracting(List::size)
                .containsExactly(2, 2, 1, 2);
    }

    private void follow(String changed, String deleted) {
        putEach(store, List.of(toPut(changed, "other")));
        store.delete(Caller.everyone(), key(deleted), Precondition.none());
    }

    /** What lost is looked at and written together once more. */
    @Test
    void putEach_manyLost_areTogetherOnceMore() {
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            interference.after("find", () -> putEach(store, many("faster").subList(0, MANY / 2)));

            List<Written> written = stored(putEach(watched, many("Anne")));

            assertThat(written.subList(0, MANY / 2)).extracting(Written::effect).containsOnly(Effect.UPDATED);
            assertThat(written.subList(0, MANY / 2))
                    .extracting(each -> each.current().from())
                    .containsOnly(written.get(0).current().from());
        }
        assertThat(gapless().versions()).isEqualTo(MANY + MANY / 2);
    }

    /** One from a clock that was wrong, or of a restore: its instant would be that of all. */
    @Test
    void putEach_oneIsOfTheFuture_othersHaveTheirTime() {
        putEach(store, many("Anne"));
        Instant ahead = Instant.now().plus(Duration.ofMinutes(10));
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, TYPE)
                        .updateOne(Filters.eq("_id", "p7"), Updates.set("from", Date.from(ahead))));

        List<Written> written = new ArrayList<>(stored(putEach(store, many("Anna"))));

        assertThat(written.remove(7).current().from()).isAfter(ahead);
        assertThat(written)
                .allSatisfy(each -> assertThat(each.current().from()).isBefore(ahead.minus(Duration.ofMinutes(5))));
        assertThat(gapless().versions()).isEqualTo(2 * MANY);
    }

    /** Its version was kept in history by then: that it is erased is seen, and the copy removed, however late it is. */
    @Test
    void putEach_erasedAndTheTimeIsOver_leavesNothing() {
        putEach(store, many("Anne"));
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            Deadline deadline = Deadline.in(Duration.ofSeconds(8));
            interference.after("find", () -> {
                store.erase(Caller.everyone(), key("p3"));
                interference.after(
                        "update",
                        () -> Awaitility.await()
                                .until(() -> deadline.remaining().isNegative()));
            });

            List<PutOutcome> outcomes = watched.putEach(Caller.everyone(), many("Anna"), deadline);

            assertThat(reason(outcomes.get(3))).isEqualTo(Refusal.Reason.CONFLICT);
            assertThat(PutOutcomes.stored(outcomes.get(4)).effect()).isEqualTo(Effect.UPDATED);
        }
        assertThat(gapless().leftOfErased()).isZero();
    }

    @Test
    void putEach_erasedAfterTheLook_isRefusedAndNothingIsLeft() {
        putEach(store, many("Anne"));
        Interference interference = new Interference(TYPE);
        try (MongoResourceStore watched = OpenStores.ready(database, interference)) {
            interference.after("find", () -> store.erase(Caller.everyone(), key("p3")));

            List<PutOutcome> outcomes = putEach(watched, many("Anna"));

            assertThat(reason(outcomes.get(3))).isEqualTo(Refusal.Reason.CONFLICT);
            assertThat(PutOutcomes.stored(outcomes.get(4)).effect()).isEqualTo(Effect.UPDATED);
        }
        assertThat(gapless().leftOfErased()).isZero();
    }

    @Test
    void putEach_manyAtOnceOnTheSame_losesNoVersion() throws Exception {
        List<Written> acknowledged = new ArrayList<>();
        try (MongoResourceStore other = OpenStores.ready(database)) {
            ExecutorService writers = Executors.newFixedThreadPool(6);
            List<Callable<List<Written>>> work = IntStream.range(0, 6)
                    .<Callable<List<Written>>>mapToObj(
                            writer -> () -> write(writer % 2 == 0 ? store : other, new Random(SEED + writer)))
                    .toList();
            for (Future<List<Written>> done : writers.invokeAll(work)) {
                acknowledged.addAll(done.get());
            }
            writers.shutdown();
        }
        assertThat(acknowledged).hasSize(6 * 20 * 15);
        gapless();
        OpenStores.inside(database, inside -> {
            Map<String, NavigableMap<Long, BsonDocument>> versions = ConcurrentWritesIT.versions(inside);
            versions.forEach(ConcurrentWritesIT::checkChain);
            acknowledged.forEach(written -> ConcurrentWritesIT.checkKept(written.current(), versions));
        });
    }

    private static List<Written> write(ResourceStore store, Random random) {
        List<Written> acknowledged = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            List<Integer> numbers =
                    new ArrayList<>(IntStream.range(0, 30).boxed().toList());
            Collections.shuffle(numbers, random);
            String name = Integer.toHexString(random.nextInt());
            acknowledged.addAll(stored(putEach(
                    store,
                    numbers.subList(0, 15).stream()
                            .map(number -> toPut("p" + number, name))
                            .toList())));
        }
        return acknowledged;
    }
}
