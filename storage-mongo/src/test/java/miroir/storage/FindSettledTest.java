package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.MongoExecutionTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.junit.jupiter.api.Test;

/** Those who ask share looks, and none waits for longer than he has. */
class FindSettledTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final Deadline LATE = Deadline.in(Duration.ofMinutes(5));
    private static final Deadline PAST = Deadline.in(Duration.ofSeconds(-1));

    private final CountDownLatch looking = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void run_anotherLooksForTooLong_isRefusedAtTheDeadline() throws Exception {
        FindSettled findSettled = findSettled(false);
        CompletableFuture<Instant> first = CompletableFuture.supplyAsync(() -> findSettled.run(Duration.ZERO, LATE));
        looking.await();

        assertThatThrownBy(() -> findSettled.run(Duration.ZERO, PAST))
                .asInstanceOf(type(Refusal.class))
                .extracting(Refusal::reason)
                .isEqualTo(Refusal.Reason.TOO_COSTLY);
        mayEnd.countDown();
        assertThat(first.join()).isEqualTo(NOW);
    }

    @Test
    void run_oneOfThoseWhoWaitHasNoTime_theOtherLooksItself() throws Exception {
        FindSettled findSettled = findSettled(true);
        CompletableFuture<Instant> first = CompletableFuture.supplyAsync(() -> findSettled.run(Duration.ZERO, LATE));
        looking.await();
        List<FutureTask<Instant>> waiting = List.of(asking(findSettled), asking(findSettled));
        mayEnd.countDown();

        assertThat(first.join()).isEqualTo(NOW);
        assertThat(waiting).filteredOn(FindSettledTest::hasFailed).hasSize(1);
        assertThat(looks).hasValue(3);
    }

    /** Somebody who asks, and waits for the look of another. */
    private static FutureTask<Instant> asking(FindSettled findSettled) {
        FutureTask<Instant> asking = new FutureTask<>(() -> findSettled.run(Duration.ZERO, LATE));
        Thread thread = new Thread(asking);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return asking;
    }

    private static boolean hasFailed(FutureTask<Instant> asking) {
        try {
            asking.get();
            return false;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(MongoExecutionTimeoutException.class);
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private FindSettled findSettled(boolean secondFails) {
        Floors floors = new MapFloors(() -> NOW) {
            @Override
            public FloorBoard look(Deadline deadline) {
                int number = looks.incrementAndGet();
                if (number == 1) {
                    looking.countDown();
                    await(mayEnd);
                }
                if (number == 2 && secondFails) {
                    throw new MongoExecutionTimeoutException(50, "over");
                }
                return new FloorBoard(NOW, 0, Map.of());
            }
        };
        return new FindSettled(floors, "self", new OpenCommits());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
