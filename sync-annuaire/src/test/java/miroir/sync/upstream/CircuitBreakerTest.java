package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong();
    private final CircuitBreaker breaker =
            new CircuitBreaker(new Pace(Duration.ofSeconds(1), Duration.ofSeconds(4), 3, 5), now::get);

    @Test
    void toWait_fewFailures_letsEverybodyThrough() {
        breaker.failed();
        breaker.failed();

        assertThat(breaker.toWait()).isZero();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void toWait_manyFailures_letsOneTryAfterAWhile() {
        fail(3);

        assertThat(breaker.toWait()).isEqualTo(SECOND);
        now.addAndGet(SECOND);
        assertThat(breaker.toWait()).as("the one who tries").isZero();
        assertThat(breaker.toWait()).as("everybody else").isEqualTo(SECOND);
    }

    @Test
    void failed_again_doublesTheWhileUpToTheLongest() {
        fail(4);
        assertThat(breaker.toWait()).isEqualTo(2 * SECOND);
        fail(6);
        assertThat(breaker.toWait()).isEqualTo(4 * SECOND);
    }

    @Test
    void succeeded_once_letsEverybodyThroughAgain() {
        fail(10);
        breaker.succeeded();

        assertThat(breaker.toWait()).isZero();
        assertThat(breaker.isOpen()).isFalse();
    }

    /** While the second one waits, the first one tries, and fails. */
    @Test
    void await_ofSeveralForTheSameMoment_letsOnlyOneTry() {
        fail(3);
        List<Long> pauses = new ArrayList<>();

        breaker.await(nanos -> {
            pauses.add(nanos);
            now.addAndGet(nanos);
            if (pauses.size() == 1) {
                assertThat(breaker.toWait()).as("the first one").isZero();
                breaker.failed();
            }
        });

        assertThat(pauses).containsExactly(SECOND, 2 * SECOND);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed();
        }
    }
}
