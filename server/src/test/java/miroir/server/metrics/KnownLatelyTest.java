package miroir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class KnownLatelyTest {
    private static final Duration MORE = KnownLately.PATIENCE.multipliedBy(4);

    @Test
    void answer_isRemembered() {
        AtomicInteger asked = new AtomicInteger();
        KnownLately<Integer> known = new KnownLately<>("test", asked::incrementAndGet);

        assertThat(known.isFresh()).isFalse();
        assertThat(known.get()).isEqualTo(1);
        assertThat(known.get()).isEqualTo(1);
        assertThat(known.isFresh()).isTrue();
    }

    @Test
    void database_thatDoesNotAnswer_isNotWaitedFor_andNotAskedTwice() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        KnownLately<String> known = new KnownLately<>("test", () -> {
            asked.incrementAndGet();
            await(never);
            return "late";
        });
        long begin = System.nanoTime();

        for (int i = 0; i < 100; i++) {
            assertThat(known.get()).isNull();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(MORE);
        assertThat(asked).hasValue(1);
        assertThat(known.isFresh()).isFalse();
        never.countDown();
    }

    @Test
    void failure_isNobodysWhoAsks() {
        KnownLately<String> known = new KnownLately<>("test", () -> {
            throw new IllegalStateException("away");
        });

        assertThat(known.get()).isNull();
        assertThat(known.isFresh()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
