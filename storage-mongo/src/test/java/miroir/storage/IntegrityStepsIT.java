package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who writes a reference and who deletes its target, each stopped at every step of theirs. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IntegrityStepsIT {
    private static final Caller EVERYONE = Caller.everyone();
    private static final String GUARDS = "miroir_guards";

    private final CommandSteps writerSteps = new CommandSteps(GUARDS, "Organization");
    private final CommandSteps deleterSteps = new CommandSteps(GUARDS, "Organization");
    private final ExecutorService clients = Executors.newFixedThreadPool(2);
    private final TestDatabase database;
    private final MongoResourceStore writer;
    private final MongoResourceStore deleter;

    IntegrityStepsIT(TestDatabase database) {
        this.database = database;
        this.writer = open(writerSteps);
        this.deleter = open(deleterSteps);
    }

    private MongoResourceStore open(CommandSteps steps) {
        MongoStoreSettings settings = OpenStores.settings(database).withIntegrity(new IntegritySettings(true, true));
        MongoResourceStore opened = MongoResourceStore.open(
                new StoreDatabase(settings, List.of(steps)),
                settings,
                ContractFields.registry(),
                new ContractFields(),
                FloorTerms.usual());
        OpenStores.awaitReady(opened);
        return opened;
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    @AfterAll
    void close() {
        writer.close();
        deleter.close();
        clients.shutdown();
    }

    /** Every other pair of steps, so each step of both. */
    @ParameterizedTest
    @CsvSource({"false, false, 8, 8, 1", "true, false, 9, 8, 3", "false, true, 8, 9, 3", "true, true, 9, 9, 3"})
    void writeAndDeletion_stoppedAnywhere_oneOfThemHappens(
            boolean writesInTransaction, boolean deletesInTransaction, int writes, int deletions, int by)
            throws Exception {
        for (int write = 1; write <= writes; write += by) {
            for (int deletion = 1; deletion <= deletions; deletion += by) {
                if ((write + deletion) % 2 != 0) {
                    continue;
                }
                String target = "t-" + write + "-" + deletion;
                put(writer, target, "");
                writerSteps.stopBefore(write);
                deleterSteps.stopBefore(deletion);

                Future<Boolean> written =
                        attempt(writer, writesInTransaction, within -> put(within, "of-" + target, reference(target)));
                await(() -> writerSteps.isStopped() || written.isDone());
                Future<Boolean> deleted = attempt(deleter, deletesInTransaction, within -> delete(within, target));
                await(() -> deleterSteps.isStopped() || deleted.isDone());
                int steps = writerSteps.steps();
                writerSteps.goOn();
                await(() -> written.isDone() || writerSteps.steps() > steps + 2);
                deleterSteps.goOn();

                String where = "write stopped before " + write + ", deletion before " + deletion;
                assertThat(deleted.get()).as(where).isNotEqualTo(written.get());
                assertThat(isLive("of-" + target)).as(where).isEqualTo(written.get());
                assertThat(isLive(target)).as(where).isEqualTo(written.get());
            }
        }
    }

    /** However many write: none of them announces anything while the deletion waits for those who did before. */
    @Test
    void write_whileItsTargetIsBeingDeleted_announcesNothing() throws Exception {
        put(writer, "a", "");
        try (StoreDatabase beside = new StoreDatabase(OpenStores.settings(database))) {
            TakeGuard takeGuard = new TakeGuard(beside, Duration.ofSeconds(30));
            for (boolean inTransaction : new boolean[] {false, true}) {
                TakeGuard.Guard guard =
                        takeGuard.run(AnnounceReferences.guard(key("a"))).orElseThrow();
                writerSteps.stopBefore(0);
                Future<Boolean> written = attempt(writer, inTransaction, within -> put(within, "of-a", reference("a")));
                await(() -> writerSteps.count("aggregate") >= 5);
                assertThat(writerSteps.count("findAndModify")).isZero();
                assertThat(written).isNotDone();
                takeGuard.giveUp(guard);

                assertThat(written.get()).isTrue();
                delete(writer, "of-a");
            }
        }
    }

    /** Or those who write would wait for what does not happen. */
    @Test
    void deletion_ofWhatIsReferredTo_takesNoGuard() throws Exception {
        put(writer, "a", "");
        put(writer, "of-a", reference("a"));
        deleterSteps.stopBefore(0);

        assertThat(attempt(deleter, false, within -> delete(within, "a")).get()).isFalse();
        assertThat(deleterSteps.count("findAndModify")).isZero();
    }

    /** Or it would give way to those who write for as long as there are some. */
    @Test
    void deletionInATransaction_whileOthersHaveAnnounced_keepsItsGuard() throws Exception {
        put(writer, "a", "");
        try (StoreDatabase beside = new StoreDatabase(OpenStores.settings(database))) {
            AnnounceReferences announceReferences = new AnnounceReferences(beside, Duration.ofSeconds(30));
            AnnounceReferences.Announced announced = announceReferences.run(Set.of(key("a")));
            deleterSteps.stopBefore(0);

            Future<Boolean> deleted = attempt(deleter, true, within -> delete(within, "a"));
            await(() -> deleterSteps.count("abortTransaction") >= 3);
            assertThat(deleterSteps.count("delete")).isZero();
            assertThat(announceReferences.isAnyGuarded(Set.of(key("a")))).isTrue();
            announceReferences.withdraw(announced);

            assertThat(deleted.get()).isTrue();
            assertThat(isLive("a")).isFalse();
            await(() -> !announceReferences.isAnyGuarded(Set.of(key("a"))));
        }
    }

    private interface Work {
        void on(ResourceStore store);
    }

    /** Whether it happened; who loses is told of a conflict and of nothing else. */
    private Future<Boolean> attempt(MongoResourceStore by, boolean inTransaction, Work work) {
        return clients.submit(() -> {
            try {
                if (inTransaction) {
                    by.inTransaction(Set.of("Organization"), Deadline.in(Duration.ofSeconds(20)), within -> {
                        work.on(within);
                        return true;
                    });
                } else {
                    work.on(by);
                }
                return true;
            } catch (Refusal refused) {
                assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(Refusal.Reason.CONFLICT);
                return false;
            }
        });
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(1))
                .until(condition::getAsBoolean);
    }

    private static ResourceKey key(String id) {
        return new ResourceKey("Organization", id);
    }

    private static String reference(String id) {
        return ", partOf: {reference: 'Organization/" + id + "'}";
    }

    private static void put(ResourceStore by, String id, String more) {
        RawBsonDocument fhir =
                RawBsonDocument.parse("{resourceType: 'Organization', id: '" + id + "', name: 'n'" + more + "}");
        by.put(EVERYONE, key(id), fhir, Precondition.none());
    }

    private static void delete(ResourceStore by, String id) {
        by.delete(EVERYONE, key(id), Precondition.none());
    }

    private boolean isLive(String id) {
        Optional<ResourceVersion> found = writer.read(EVERYONE, key(id));
        return found.isPresent() && found.get() instanceof ResourceVersion.Live;
    }
}
