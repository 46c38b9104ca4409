package miroir.storage;

import static miroir.storage.PartsOfOthers.attempt;
import static miroir.storage.PartsOfOthers.delete;
import static miroir.storage.PartsOfOthers.inTransaction;
import static miroir.storage.PartsOfOthers.isLive;
import static miroir.storage.PartsOfOthers.key;
import static miroir.storage.PartsOfOthers.organization;
import static miroir.storage.PartsOfOthers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** No reference to nothing, whoever writes and deletes at the same time. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IntegrityIT {
    private static final Caller EVERYONE = Caller.everyone();
    private static final int ROUNDS = Integer.getInteger("miroir.rounds", 4);

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private final TestDatabase database;
    private final MongoResourceStore store;
    private final MongoResourceStore other;

    IntegrityIT(TestDatabase database) {
        this.database = database;
        this.store = open(true, true);
        this.other = open(true, true);
    }

    private MongoResourceStore open(boolean onWrite, boolean onDelete) {
        MongoResourceStore opened = MongoResourceStore.open(
                OpenStores.settings(database).withIntegrity(new IntegritySettings(onWrite, onDelete)),
                ContractFields.registry(),
                new ContractFields());
        OpenStores.awaitSearchable(opened);
        return opened;
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    @AfterAll
    void close() {
        store.close();
        other.close();
    }

    @Test
    void write_ofAReference_needsItsTarget() {
        refused("\"Organization/none\" of Organization/a is to nothing", () -> put(store, "a", "Organization/none"));
        put(store, "b", "Organization/b");
        put(store, "a", "Organization/b");
        put(store, "a", "Organization/b/_history/1");
        put(store, "a", "Patient/none");
        put(store, "a", "http://example.org/Organization/none");
        delete(store, "b");
        refused("Organization/b", () -> put(store, "c", "Organization/b"));
    }

    @Test
    void write_ofAContainedReference_needsWhatItIsTo() {
        put(
                store,
                "a",
                "#c', display: 'x'}, contained: [{resourceType: 'Organization', id: 'c', name: 'x'}], x: {y: '");
        assertThatThrownBy(() -> put(store, "a", "#d")).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNPROCESSABLE);
            assertThat(refusal.path()).isEqualTo("Organization.partOf");
        });
    }

    @Test
    void deletion_ofWhatIsReferredTo_isRefused() {
        put(store, "a", null);
        put(store, "b", "Organization/a");
        refused("Organization/a is referred to by Organization/b", () -> delete(store, "a"));
        for (int i = 0; i < 10; i++) {
            put(store, "b" + i, "Organization/a");
        }
        refused("and others", () -> delete(store, "a"));
        for (int i = 0; i < 10; i++) {
            delete(store, "b" + i);
        }
        put(store, "b", null);
        delete(store, "a");
        put(store, "c", null);
        put(store, "d", "Organization/c");
        store.erase(EVERYONE, key("c"));
        assertThat(isLive(store, "c")).isFalse();
        assertThat(isLive(store, "d")).isTrue();
        assertThat(store.delete(EVERYONE, key("never"), Precondition.none())).isEmpty();
    }

    /** Or who gets 409 for one and not for the other would know which of them is there. */
    @Test
    void write_ofAReferenceToWhatTheCallerMayNotSee_isRefusedAsToNothing() {
        Condition active = new Condition.In("t_active-value", List.of(new BsonString("true")));
        Caller narrow = ContractStore.only(active);
        put(store, "hidden", null);
        List<String> said = new ArrayList<>();
        for (String target : List.of("hidden", "absent")) {
            RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: 'Organization', id: 'a', active: true, "
                    + "partOf: {reference: 'Organization/" + target + "'}}");
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.put(narrow, key("a"), fhir, Precondition.none()),
                    () -> store.checkPut(narrow, key("a"), fhir, Precondition.none()),
                    () -> store.inTransaction(
                            Set.of("Organization"),
                            Deadline.in(Duration.ofSeconds(20)),
                            within -> within.put(narrow, key("a"), fhir, Precondition.none())))) {
                assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> said.add(
                                        String.valueOf(refusal.getMessage()).replace(target, "it")));
            }
        }
        assertThat(said).hasSize(6).containsOnly(said.get(0));
    }

    /** Or who may update a resource could not, once somebody with more rights has let it refer to something else. */
    @Test
    void write_thatRepeatsAReferenceToWhatTheCallerMayNotSee_isTaken() {
        Condition active = new Condition.In("t_active-value", List.of(new BsonString("true")));
        Caller narrow = ContractStore.only(active);
        put(store, "hidden", null);
        put(store, "other", null);
        store.put(EVERYONE, key("a"), active("a", "hidden", "n"), Precondition.none());

        store.put(narrow, key("a"), active("a", "hidden", "m"), Precondition.none());
        store.checkPut(narrow, key("a"), active("a", "hidden", "n"), Precondition.none());
        inTransaction(store, within -> within.put(narrow, key("a"), active("a", "hidden", "o"), Precondition.none()));
        refused(
                "\"Organization/other\" of Organization/a is to nothing",
                () -> store.put(narrow, key("a"), active("a", "other", "n"), Precondition.none()));
        refused(
                "\"Organization/hidden\" of Organization/b is to nothing",
                () -> store.put(narrow, key("b"), active("b", "hidden", "n"), Precondition.none()));
    }

    @Test
    void scopes_ofOtherTypes_areTheirOwn() {
        Scope organizations = Scope.of(Map.of("Organization", Condition.all()));
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, organizations, Scope.everything(), Scope.everything());
        ResourceKey hidden = new ResourceKey("Practitioner", "hidden");
        put(store, "a", null);
        store.put(
                EVERYONE,
                hidden,
                RawBsonDocument.parse(
                        "{resourceType: 'Practitioner', id: 'hidden', partOf: {reference: 'Organization/a'}}"),
                Precondition.none());

        RawBsonDocument refers = organization("b", hidden.toString(), "n");
        refused("is to nothing", () -> store.put(narrow, key("b"), refers, Precondition.none()));
        store.put(EVERYONE, key("b"), refers, Precondition.none());
        refused(
                "Organization/a is referred to by others, and",
                () -> store.delete(narrow, key("a"), Precondition.none()));
    }

    private static RawBsonDocument active(String id, String partOf, String name) {
        return RawBsonDocument.parse("{resourceType: 'Organization', id: '" + id + "', active: true, name: '" + name
                + "', partOf: {reference: 'Organization/" + partOf + "'}}");
    }

    @Test
    void check_saysWhatReferencesStandAgainst() {
        put(store, "a", null);
        put(store, "b", "Organization/a");
        refused(
                "\"Organization/none\" of Organization/c is to nothing",
                () -> store.checkPut(
                        EVERYONE, key("c"), organization("c", "Organization/none", "n"), Precondition.none()));
        refused(
                "Organization/a is referred to by Organization/b",
                () -> store.checkDelete(EVERYONE, key("a"), Precondition.none()));
        store.checkPut(EVERYONE, key("c"), organization("c", "Organization/a", "n"), Precondition.none());
        assertThat(store.checkDelete(EVERYONE, key("b"), Precondition.none())).isTrue();
        assertThat(isLive(store, "c")).isFalse();
        assertThat(isLive(store, "b")).isTrue();
    }

    @Test
    void guards_afterAll_areGone() {
        put(store, "a", null);
        put(store, "b", "Organization/a");
        refused("referred to", () -> delete(store, "a"));
        refused("to nothing", () -> put(store, "c", "Organization/none"));
        inTransaction(store, within -> put(within, "d", "Organization/a"));

        OpenStores.inside(
                database,
                inside -> assertThat(
                                OpenStores.documents(inside, "miroir_guards").countDocuments())
                        .isZero());
    }

    @Test
    void onlyOne_isEnoughForThat() {
        try (MongoResourceStore writes = open(true, false);
                MongoResourceStore deletes = open(false, true);
                MongoResourceStore neither = open(false, false)) {
            put(neither, "x", "Organization/none");
            refused("to nothing", () -> put(writes, "a", "Organization/none"));
            put(writes, "a", null);
            put(deletes, "b", "Organization/none");
            put(deletes, "b", "Organization/a");
            refused("referred to", () -> delete(deletes, "a"));
            delete(writes, "a");
            assertThat(isLive(store, "a")).isFalse();
        }
    }

    @Test
    void transaction_countsAsAWhole() {
        inTransaction(store, within -> {
            put(within, "a", "Organization/b");
            put(within, "b", "Organization/a");
        });
        refused("referred to", () -> inTransaction(store, within -> delete(within, "a")));
        refused(
                "\"Organization/none\" of Organization/c",
                () -> inTransaction(store, within -> put(within, "c", "Organization/none")));
        refused(
                "to nothing",
                () -> inTransaction(store, within -> {
                    delete(within, "a");
                    put(within, "b", "Organization/a");
                }));
        inTransaction(store, within -> {
            delete(within, "a");
            put(within, "b", null);
        });
        put(store, "a", "Organization/b");
        inTransaction(store, within -> {
            delete(within, "a");
            delete(within, "b");
        });
        assertThat(isLive(store, "a")).isFalse();
        assertThat(isLive(store, "b")).isFalse();
    }

    @Test
    void deletion_whileATransactionWritesTheSameWithAReferenceToIt_deletesNoNewVersion() throws Exception {
        for (boolean isThere : new boolean[] {true, false}) {
            OpenStores.empty(database);
            put(store, "a", null);
            if (!isThere) {
                delete(store, "a");
            }
            CountDownLatch again = new CountDownLatch(2);
            CountDownLatch looked = new CountDownLatch(1);
            ExecutorService clients = Executors.newFixedThreadPool(2);
            try (MongoResourceStore slow = standingStillBeforeItDeletes(looked, again)) {
                Future<?> deletion = clients.submit(() -> delete(slow, "a"));
                if (isThere) {
                    looked.await();
                }
                Future<?> transaction = clients.submit(() -> {
                    inTransaction(store, within -> {
                        again.countDown();
                        put(within, "a", null, "new");
                        put(within, "b", "Organization/a");
                    });
                    again.countDown();
                });
                transaction.get();
                try {
                    deletion.get();
                } catch (ExecutionException refused) {
                    assertThat(refused).hasCauseInstanceOf(Refusal.class);
                }
            }
            clients.shutdown();
            assertThat(isLive(store, "a")).isEqualTo(isLive(store, "b")).isTrue();
        }
    }

    /** Its first replacement of a resource waits until the transaction has begun again, or is over. */
    private MongoResourceStore standingStillBeforeItDeletes(CountDownLatch looked, CountDownLatch again) {
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (new BsonString("Organization").equals(event.getCommand().get("update"))) {
                    looked.countDown();
                    try {
                        again.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        };
        MongoStoreSettings settings = OpenStores.settings(database).withIntegrity(new IntegritySettings(true, true));
        MongoResourceStore slow = MongoResourceStore.open(
                new StoreDatabase(settings, List.of(listener)),
                settings,
                ContractFields.registry(),
                new ContractFields(),
                FloorTerms.usual());
        OpenStores.awaitSearchable(slow);
        return slow;
    }

    @Test
    void precondition_isHeldAgainstWhatIsThereBeforeReferencesAre() {
        put(store, "a", null);
        put(store, "b", "Organization/a");
        Precondition stale = Precondition.versionIs(7);

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store.delete(EVERYONE, key("a"), stale),
                () -> store.put(EVERYONE, key("b"), organization("b", "Organization/none", "n"), stale))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.PRECONDITION_FAILED));
        }
    }

    @Test
    void transaction_thatDeletesMany_namesTheOneThatIsReferredTo() {
        for (int i = 0; i < 9; i++) {
            put(store, "t" + i, null);
        }
        put(store, "r", "Organization/t5");

        refused(
                "Organization/t5 is referred to by Organization/r,",
                () -> inTransaction(store, within -> {
                    for (int i = 0; i < 9; i++) {
                        delete(within, "t" + i);
                    }
                }));
        assertThat(isLive(store, "t0")).isTrue();
    }

    @Test
    void transaction_withOnDeleteOnly_leavesNoReferenceOfItsOwn() {
        try (MongoResourceStore deletes = open(false, true)) {
            put(deletes, "a", null);
            put(deletes, "b", "Organization/a");

            refused(
                    "would be deleted",
                    () -> inTransaction(deletes, within -> {
                        delete(within, "a");
                        put(within, "b", "Organization/a", "new");
                    }));
        }
    }

    @Test
    void writesAndDeletions_atOnce_leaveNoReferenceToNothing() throws Exception {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        Random random = new Random(seed);
        ExecutorService clients = Executors.newFixedThreadPool(4);
        for (int round = 0; round < ROUNDS; round++) {
            String target = "t" + round;
            put(store, target, null);
            List<Callable<Boolean>> tries = new ArrayList<>();
            boolean inTransactions = random.nextBoolean();
            tries.add(attempt(
                    store, random.nextBoolean(), within -> put(within, "s" + target, "Organization/" + target)));
            tries.add(attempt(
                    other, random.nextBoolean(), within -> put(within, "r" + target, "Organization/" + target)));
            tries.add(attempt(other, inTransactions, within -> delete(within, target)));
            Collections.shuffle(tries, random);
            for (Future<Boolean> outcome : clients.invokeAll(tries)) {
                outcome.get();
            }
            boolean referred = isLive(store, "s" + target) || isLive(store, "r" + target);
            assertThat(isLive(store, target))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(referred);
        }
        clients.shutdown();
    }

    private static void refused(String said, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.CONFLICT);
            assertThat(refusal).hasMessageContaining(said);
        });
    }
}
