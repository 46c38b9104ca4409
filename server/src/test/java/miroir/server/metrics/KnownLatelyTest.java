package miroir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class KnownLatelyTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void answer_isRemembered() {
        AtomicInteger asked = new AtomicInteger();
        KnownLately<Integer> known = new KnownLately<>("test", LONG, asked::incrementAndGet);

        assertThat(known.isFresh()).isFalse();
        assertThat(known.get()).isEqualTo(1);
        assertThat(known.get()).isEqualTo(1);
        assertThat(known.isFresh()).isTrue();
    }

    @Test
    void database_thatDoesNotAnswer_isNotWaitedFor_andNotAskedTwice() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        KnownLately<String> known = new KnownLately<>("test", SHORT, () -> {
            asked.incrementAndGet();
            await(never);
            return "late";
        });
        for (int i = 0; i < 100; i++) {
            assertThat(known.get()).isNull();
        }

        assertThat(asked).hasValue(1);
        assertThat(known.isFresh()).isFalse();
        never.countDown();
    }

    @Test
    void failure_isNobodysWhoAsks() {
        KnownLately<String> known = new KnownLately<>("test", LONG, () -> {
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
