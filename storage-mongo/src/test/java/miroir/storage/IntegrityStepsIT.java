package miroir.storage;

import static miroir.storage.PartsOfOthers.attempt;
import static miroir.storage.PartsOfOthers.delete;
import static miroir.storage.PartsOfOthers.isLive;
import static miroir.storage.PartsOfOthers.key;
import static miroir.storage.PartsOfOthers.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import miroir.index.store.ContractFields;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
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
        OpenStores.awaitSearchable(opened);
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
                put(writer, target, null);
                writerSteps.stopBefore(write);
                deleterSteps.stopBefore(deletion);

                Future<Boolean> written = submit(
                        writer, writesInTransaction, within -> put(within, "of-" + target, "Organization/" + target));
                await(() -> writerSteps.isStopped() || written.isDone());
                Future<Boolean> deleted = submit(deleter, deletesInTransaction, within -> delete(within, target));
                await(() -> deleterSteps.isStopped() || deleted.isDone());
                int steps = writerSteps.steps();
                writerSteps.goOn();
                await(() -> written.isDone() || writerSteps.steps() > steps + 2);
                deleterSteps.goOn();

                String where = "write stopped before " + write + ", deletion before " + deletion;
                assertThat(deleted.get()).as(where).isNotEqualTo(written.get());
                assertThat(isLive(writer, "of-" + target)).as(where).isEqualTo(written.get());
                assertThat(isLive(writer, target)).as(where).isEqualTo(written.get());
            }
        }
    }

    /** However many write: none of them announces anything while the deletion waits for those who did before. */
    @Test
    void write_whileItsTargetIsBeingDeleted_announcesNothing() throws Exception {
        put(writer, "a", null);
        try (StoreDatabase beside = new StoreDatabase(OpenStores.settings(database))) {
            TakeGuard takeGuard = new TakeGuard(beside, Duration.ofSeconds(30));
            for (boolean inTransaction : new boolean[] {false, true}) {
                TakeGuard.Guard guard =
                        takeGuard.run(AnnounceReferences.guard(key("a"))).orElseThrow();
                writerSteps.stopBefore(0);
                Future<Boolean> written =
                        submit(writer, inTransaction, within -> put(within, "of-a", "Organization/a"));
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
        put(writer, "a", null);
        put(writer, "of-a", "Organization/a");
        deleterSteps.stopBefore(0);

        assertThat(submit(deleter, false, within -> delete(within, "a")).get()).isFalse();
        assertThat(deleterSteps.count("findAndModify")).isZero();
    }

    /** Or it would give way to those who write for as long as there are some. */
    @Test
    void deletionInATransaction_whileOthersHaveAnnounced_keepsItsGuard() throws Exception {
        put(writer, "a", null);
        try (StoreDatabase beside = new StoreDatabase(OpenStores.settings(database))) {
            AnnounceReferences announceReferences = new AnnounceReferences(beside, Duration.ofSeconds(30));
            AnnounceReferences.Announced announced = announceReferences.run(Set.of(key("a")));
            deleterSteps.stopBefore(0);

            Future<Boolean> deleted = submit(deleter, true, within -> delete(within, "a"));
            await(() -> deleterSteps.count("abortTransaction") >= 3);
            assertThat(deleterSteps.count("delete")).isZero();
            assertThat(announceReferences.isAnyGuarded(Set.of(key("a")))).isTrue();
            announceReferences.withdraw(announced);

            assertThat(deleted.get()).isTrue();
            assertThat(isLive(writer, "a")).isFalse();
            await(() -> !announceReferences.isAnyGuarded(Set.of(key("a"))));
        }
    }

    private Future<Boolean> submit(MongoResourceStore by, boolean inTransaction, PartsOfOthers.Work work) {
        return clients.submit(attempt(by, inTransaction, work));
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(1))
                .until(condition::getAsBoolean);
    }
}
