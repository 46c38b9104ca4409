package miroir.server.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.ValidationConfiguration;
import miroir.server.pipeline.WorkingMemory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ValidationTest {
    private static final StoredDefinitions NONE = StoredDefinitions.none();

    private final AtomicInteger made = new AtomicInteger();

    private Validation validation(String yaml) {
        return new Validation(configuration(yaml), WorkingMemory.ofThisHeap(), NONE, (all, stored) -> {
            made.incrementAndGet();
            return new AgreeableValidator();
        });
    }

    private static ValidationConfiguration configuration(String yaml) {
        return ServerConfiguration.read("test.yaml", "validation: {" + yaml + "}", Map.<String, String>of()::get)
                .validation();
    }

    @Test
    void run_forTheFirstTime_loadsTheValidatorForAll() {
        Validation validation = validation("");

        assertThat(validation.isOffered()).isTrue();
        assertThat(made).hasValue(0);
        assertThat(validation.<List<Finding>>run(10, validator -> validator.findings(new byte[0], List.of())))
                .isEmpty();
        validation.run(10, ResourceValidator::profiles);
        assertThat(made).hasValue(1);
    }

    @Test
    void run_whereItIsNotOffered_isRefused() {
        Validation off = validation("enabled: false");
        Validation none = new Validation(configuration(""), WorkingMemory.ofThisHeap(), NONE, null);

        assertThat(off.isOffered()).isFalse();
        assertThat(none.isOffered()).isTrue();
        assertThat(none.whyByStructureOnly())
                .hasValueSatisfying(why -> assertThat(why).contains("optional part"));
        refused(Refusal.Reason.NOT_SUPPORTED, "validation.enabled", () -> off.run(1, ResourceValidator::profiles));
        refused(Refusal.Reason.NOT_SUPPORTED, "optional part", () -> none.run(1, ResourceValidator::profiles));
    }

    @Test
    void run_inASmallHeap_isRefused() {
        WorkingMemory small = WorkingMemory.ofThisHeap();
        long all = Runtime.getRuntime().maxMemory() / 2;
        small.forGood(all - (400L << 20), new Deadline(System.nanoTime())).keep();
        Validation validation =
                new Validation(configuration(""), small, NONE, (configuration, stored) -> new AgreeableValidator());

        assertThat(validation.isOffered()).isTrue();
        assertThat(validation.whyByStructureOnly()).isPresent();
        refused(
                Refusal.Reason.NOT_SUPPORTED,
                "the heap of this server is too small",
                () -> validation.run(1, ResourceValidator::profiles));
        assertThatThrownBy(() -> new Validation(
                        configuration("packages: /none/such.tgz"),
                        small,
                        NONE,
                        (configuration, stored) -> new AgreeableValidator()))
                .isInstanceOf(ConfigurationRefused.class);
    }

    @Test
    void start_withAPackageThatCannotBeRead_isRefused() {
        assertThatThrownBy(() -> validation("packages: /none/such.tgz"))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("validation.packages: /none/such.tgz");
        assertThat(validation("enabled: false, packages: /none/such.tgz").isOffered())
                .isFalse();
    }

    @Test
    void run_ofTooMuch_isRefused() {
        refused(
                Refusal.Reason.TOO_LARGE,
                "validation.body",
                () -> validation("body: 1kB").run(1025, ResourceValidator::profiles));
    }

    @Test
    void run_thatTakesTooLong_isToldSoAndInterrupted() {
        Validation validation = validation("timeout: 200ms, overdue: 0");

        refused(
                Refusal.Reason.TOO_COSTLY,
                "validation.timeout",
                () -> validation.run(1, validator -> await(new CountDownLatch(1))));
        Awaitility.await().ignoreExceptions().until(() -> validation.run(1, validator -> true));
    }

    @Test
    void run_thatDoesNotEnd_leavesItsTurnToOthersButNotForEver() {
        Validation validation = validation("timeout: 200ms, overdue: 1");
        CountDownLatch end = new CountDownLatch(1);

        refused(Refusal.Reason.TOO_COSTLY, "validation.timeout", () -> validation.run(1, validator -> hang(end)));
        assertThat(validation.<Boolean>run(1, validator -> true)).isTrue();
        refused(Refusal.Reason.TOO_COSTLY, "validation.timeout", () -> validation.run(1, validator -> hang(end)));
        refused(
                Refusal.Reason.NOT_READY,
                "and 1 that did not end in time still do",
                () -> validation.run(1, validator -> true));
        end.countDown();
        Awaitility.await().ignoreExceptions().until(() -> validation.run(1, validator -> true));
    }

    @Test
    void run_whileTheValidatorIsLoadedForTooLong_doesNotInterruptThat() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        Validation validation =
                new Validation(configuration("timeout: 200ms"), WorkingMemory.ofThisHeap(), NONE, (all, stored) -> {
                    interrupted.addAndGet(await(end) ? 0 : 1);
                    return new AgreeableValidator();
                });

        refused(
                Refusal.Reason.TOO_COSTLY,
                "validation.timeout",
                () -> validation.run(1, validator -> made.incrementAndGet()));
        end.countDown();
        Awaitility.await().ignoreExceptions().until(() -> validation.run(1, validator -> true));
        assertThat(interrupted).hasValue(0);
        assertThat(made).hasValue(0);
    }

    @Test
    void run_byMore_takesTurnsAndOnlySoManyWait() throws Exception {
        Validation validation = validation("concurrent: 2");
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(10);
        List<Future<Boolean>> outcomes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            outcomes.add(clients.submit(() -> validation.run(1, validator -> {
                begun.incrementAndGet();
                return await(end);
            })));
        }
        Awaitility.await().until(() -> begun.get() == 2 && validation.waiting() == 8);
        refused(Refusal.Reason.NOT_READY, "validation.concurrent", () -> validation.run(1, validator -> true));
        assertThat(begun).hasValue(2);
        end.countDown();
        for (Future<Boolean> outcome : outcomes) {
            assertThat(outcome.get()).isTrue();
        }
        clients.shutdown();
    }

    @Test
    void run_thatFails_failsAsItDid() {
        Validation validation = validation("");

        assertThatThrownBy(() -> validation.run(1, validator -> {
                    throw new IllegalArgumentException("x");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        refused(Refusal.Reason.TOO_LARGE, "too deep", () -> validation.run(1, validator -> deep(Integer.MAX_VALUE)));
    }

    @Test
    void run_whereTheValidatorCannotBeLoaded_givesBackItsMemoryAndIsNotTriedAgain() {
        WorkingMemory memory = WorkingMemory.ofThisHeap();
        Validation validation = new Validation(configuration(""), memory, NONE, (all, stored) -> {
            made.incrementAndGet();
            throw new NoClassDefFoundError("x");
        });

        refused(Refusal.Reason.NOT_READY, "could not be loaded", () -> validation.run(1, ResourceValidator::profiles));
        refused(Refusal.Reason.NOT_READY, "could not be loaded", () -> validation.run(1, ResourceValidator::profiles));
        assertThat(made).hasValue(1);
        long all = Runtime.getRuntime().maxMemory() / 2;
        memory.forGood(all, new Deadline(System.nanoTime() - 1)).close();
    }

    @Test
    void run_whereTheValidatorIsNestedTooDeep_isNoFaultOfTheResource() {
        Validation validation = new Validation(configuration(""), WorkingMemory.ofThisHeap(), NONE, (all, stored) -> {
            throw new StackOverflowError();
        });

        refused(Refusal.Reason.NOT_READY, "could not be loaded", () -> validation.run(1, ResourceValidator::profiles));
    }

    /** It stays what it is; and whoever comes next does not try the same at once. */
    @Test
    void run_whereThereIsNoMemoryToLoadTheValidator_failsSoAndIsNotTriedAgain() {
        Validation validation = new Validation(configuration(""), WorkingMemory.ofThisHeap(), NONE, (all, stored) -> {
            made.incrementAndGet();
            throw new OutOfMemoryError("x");
        });

        assertThatThrownBy(() -> validation.run(1, ResourceValidator::profiles))
                .hasCauseInstanceOf(OutOfMemoryError.class);
        refused(Refusal.Reason.NOT_READY, "could not be loaded", () -> validation.run(1, ResourceValidator::profiles));
        assertThat(made).hasValue(1);
    }

    private static int deep(int left) {
        return left == 0 ? 0 : 1 + deep(left - 1);
    }

    /** Whatever anybody does. */
    private static boolean hang(CountDownLatch end) {
        while (end.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refused(Refusal.Reason reason, String said, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal).hasMessageContaining(said);
        });
    }
}
