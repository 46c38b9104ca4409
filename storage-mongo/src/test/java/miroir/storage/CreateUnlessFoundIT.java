package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Creates by criteria: at the same time on several servers, beside holders that died, and by holders that are too slow. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CreateUnlessFoundIT {
    private static final FloorTerms SHORT = new FloorTerms(
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMillis(25),
            Duration.ofSeconds(2));

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private final TestDatabase test;
    private final MongoResourceStore one;
    private final MongoResourceStore other;
    private final StoreDatabase inside;

    CreateUnlessFoundIT(TestDatabase test) {
        this.test = test;
        this.one = OpenStores.ready(test);
        this.other = OpenStores.ready(test);
        this.inside = new StoreDatabase(OpenStores.settings(test));
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(test);
    }

    @AfterAll
    void close() {
        inside.close();
        other.close();
        one.close();
    }

    @Test
    void run_byManyOnTwoServers_createsOneForEachQuestion() throws Exception {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        Random random = new Random(seed);
        ExecutorService clients = Executors.newFixedThreadPool(32);
        try {
            for (int round = 0; round < 10; round++) {
                int questions = 1 + random.nextInt(3);
                String name = "round" + round + "-";
                List<Callable<Optional<Written>>> calls = IntStream.range(0, 32)
                        .<Callable<Optional<Written>>>mapToObj(client -> () ->
                                create(client % 2 == 0 ? one : other, name + client % questions, name + "p" + client))
                        .toList();
                List<Optional<Written>> answers = new ArrayList<>();
                for (Future<Optional<Written>> each : clients.invokeAll(calls)) {
                    answers.add(each.get());
                }
                assertThat(answers).filteredOn(Optional::isPresent).hasSize(questions);
                for (int question = 0; question < questions; question++) {
                    assertThat(named(one, name + question)).hasSize(1);
                }
            }
        } finally {
            clients.shutdown();
        }
        awaitNoGuards();
    }

    /** What a process leaves that was killed before it created. */
    @Test
    void run_guardOfADeadHolder_waitsUntilItsEnd() {
        Instant until = inside.primaryTime().plusSeconds(1);
        leaveGuard("a", until);

        assertThat(create(one, "a", "p1")).isPresent();
        assertThat(inside.primaryTime()).isAfterOrEqualTo(until);
        awaitNoGuards();
    }

    /** What a process leaves that was killed after it created. */
    @Test
    void run_guardOfADeadHolderThatCreated_findsAtOnce() {
        assertThat(create(one, "a", "p1")).isPresent();
        Instant until = inside.primaryTime().plus(Duration.ofDays(1));
        leaveGuard("a", until);

        assertThat(create(other, "a", "p2")).isEmpty();
        assertThat(create(other, "b", "p3")).as("another question").isPresent();
    }

    @Test
    void guard_isHeldForNoLongerThanACommitMayTakeAndItsMargin() {
        FloorTerms terms = FloorTerms.usual();
        TakeGuard takeGuard = new TakeGuard(inside, terms.write().plus(terms.margin()));

        TakeGuard.Guard guard = takeGuard.run("g").orElseThrow();

        assertThat(guard.until()).isBefore(inside.primaryTime().plusSeconds(16));
        assertThat(takeGuard.run("g")).as("held").isEmpty();
        takeGuard.giveUp(new TakeGuard.Guard("g", "somebody else", guard.until()));
        assertThat(takeGuard.run("g")).as("still held").isEmpty();
        takeGuard.giveUp(guard);
        assertThat(takeGuard.run("g")).isPresent();
    }

    @Test
    void guards_thatNobodyGivesUp_expire() {
        create(one, "a", "p1");

        assertThat(inside.guards().listIndexes(BsonDocument.class))
                .filteredOn(index -> index.containsKey("expireAfterSeconds"))
                .hasSize(1);
    }

    /** It has searched and found nothing, stands still until another one has created, and goes on. */
    @Test
    void run_holderThatIsTooSlow_createsNothing() throws Exception {
        AtomicBoolean guarded = new AtomicBoolean();
        CountDownLatch searched = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CommandListener slow = new CommandListener() {
            @Override
            public void commandSucceeded(CommandSucceededEvent event) {
                if (event.getCommandName().equals("findAndModify")
                        && event.getResponse().getDocument("value").containsKey("holder")) {
                    guarded.set(true);
                } else if (event.getCommandName().equals("aggregate") && guarded.get() && searched.getCount() > 0) {
                    searched.countDown();
                    await(mayGoOn);
                }
            }
        };
        MongoStoreSettings settings = OpenStores.settings(test);
        try (MongoResourceStore stopped = MongoResourceStore.open(
                        new StoreDatabase(settings, List.of(slow)),
                        settings,
                        ContractFields.registry(),
                        new ContractFields(),
                        SHORT);
                MongoResourceStore quick =
                        MongoResourceStore.open(settings, ContractFields.registry(), new ContractFields(), SHORT)) {
            OpenStores.awaitReady(stopped);
            OpenStores.awaitReady(quick);
            CompletableFuture<Optional<Written>> late =
                    CompletableFuture.supplyAsync(() -> create(stopped, "a", "slow"));
            await(searched);
            assertThat(create(quick, "a", "quick")).isPresent();
            mayGoOn.countDown();

            assertThat(late.get(60, TimeUnit.SECONDS)).isEmpty();
            assertThat(named(quick, "a")).containsExactly("quick");
        }
    }

    /** They are given up without waiting for the majority, by which is read here. */
    private void awaitNoGuards() {
        Awaitility.await().until(() -> inside.guards().countDocuments() == 0);
    }

    private void leaveGuard(String name, Instant until) {
        inside.guards()
                .insertOne(new BsonDocument("_id", new BsonString(CreateUnlessFound.name(criteria(name))))
                        .append("holder", new BsonString("dead"))
                        .append("until", new BsonDateTime(until.toEpochMilli())));
    }

    private static Optional<Written> create(MongoResourceStore store, String name, String id) {
        RawBsonDocument fhir =
                RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + id + "', url: '" + name + "'}");
        ResourceKey key = new ResourceKey("Practitioner", id);
        return store.createUnlessFound(Caller.everyone(), criteria(name), key, fhir, ResourceVersion.Origin.CREATED);
    }

    private static Criteria criteria(String name) {
        return new Criteria("Practitioner", isNamed(name), Deadline.in(Duration.ofSeconds(60)));
    }

    private static Condition isNamed(String name) {
        return new Condition.In("t_url", List.of(new BsonString(name)));
    }

    private static List<String> named(MongoResourceStore store, String name) {
        PageQuery query = new PageQuery("Practitioner", isNamed(name), 0, 100, Deadline.in(Duration.ofSeconds(60)));
        return store.select(Caller.everyone(), query).resources().stream()
                .map(live -> live.key().id())
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
