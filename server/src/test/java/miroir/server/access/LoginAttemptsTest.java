package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LoginAttemptsTest {
    private Instant now = Instant.parse("2026-11-28T00:00:00Z");
    private final LoginAttempts attempts = new LoginAttempts(() -> now);

    private void fail(String name, String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(attempts.begin(name, address)).isZero();
        }
    }

    @Test
    void begin_afterFailures_hasToWaitLongerEachTime() {
        fail("a", "here", 5);
        assertThat(attempts.begin("a", "here")).isEqualTo(2);
        assertThat(attempts.begin("a", "here")).isEqualTo(2);
        now = now.plusSeconds(2);
        assertThat(attempts.begin("a", "here")).isZero();
        assertThat(attempts.begin("a", "here")).isEqualTo(4);
        assertThat(attempts.begin("b", "here")).isZero();
        assertThat(attempts.begin("a", "elsewhere")).isZero();
    }

    @Test
    void begin_neverWaitsLongerThanAQuarterOfAnHour() {
        fail("a", "here", 5);
        for (int i = 0; i < 20; i++) {
            now = now.plusSeconds(attempts.begin("a", "here"));
            attempts.begin("a", "here");
        }

        assertThat(attempts.begin("a", "here")).isBetween(1L, 900L);
        now = now.plus(Duration.ofMinutes(20));
        assertThat(attempts.begin("a", "here")).isZero();
        assertThat(attempts.begin("a", "here")).isZero();
    }

    @Test
    void succeeded_forgetsTheFailures() {
        fail("a", "here", 4);
        assertThat(attempts.begin("a", "here")).isZero();
        attempts.succeeded("a", "here");

        fail("a", "here", 5);
    }

    @Test
    void begin_byManyAtOnce_letsNoMoreThrough() {
        long through = IntStream.range(0, 64)
                .parallel()
                .filter(i -> attempts.begin("a", "here") == 0)
                .count();

        assertThat(through).isEqualTo(5);
    }

    @Test
    void begin_withManyNamesFromOneNetwork_hasToWait() {
        for (int i = 0; i < 50; i++) {
            fail("name " + i, "2001:db8:1:2::" + i, 1);
        }

        assertThat(attempts.begin("other", "2001:db8:1:2:3:4:5:6")).isPositive();
        assertThat(attempts.begin("other", "2001:db8:1:3::1")).isZero();
        assertThat(attempts.begin("other", "203.0.113.9")).isZero();
    }

    @Test
    void begin_byEverybodyInTheWorld_keepsBounded() {
        for (int i = 0; i < 20_000; i++) {
            attempts.begin("", "client " + i);
        }

        fail("a", "here", 5);
        assertThat(attempts.begin("a", "here")).isPositive();
    }
}
