package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong();
    private final CircuitBreaker breaker =
            new CircuitBreaker(new Pace(Duration.ofSeconds(1), Duration.ofSeconds(4), 3, 5), now::get);

    @Test
    void await_fewFailures_letsEverybodyThrough() {
        breaker.failed();
        breaker.failed();

        assertThat(breaker.await()).isZero();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void await_manyFailures_letsOneTryAfterAWhile() {
        fail(3);

        assertThat(breaker.await()).isEqualTo(SECOND);
        now.addAndGet(SECOND);
        assertThat(breaker.await()).as("the one who tries").isZero();
        assertThat(breaker.await()).as("everybody else").isEqualTo(SECOND);
    }

    @Test
    void failed_again_doublesTheWhileUpToTheLongest() {
        fail(4);
        assertThat(breaker.await()).isEqualTo(2 * SECOND);
        fail(6);
        assertThat(breaker.await()).isEqualTo(4 * SECOND);
    }

    @Test
    void succeeded_once_letsEverybodyThroughAgain() {
        fail(10);
        breaker.succeeded();

        assertThat(breaker.await()).isZero();
        assertThat(breaker.isOpen()).isFalse();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed();
        }
    }
}
