package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LoginAttemptsTest {
    private Instant now = Instant.parse("2026-11-28T00:00:00Z");
    private final LoginAttempts attempts = new LoginAttempts(() -> now);

    @Test
    void wait_growsWithFailuresAndEndsWithSuccess() {
        for (int i = 0; i < 4; i++) {
            attempts.failed("a", "address");
        }
        assertThat(attempts.wait("a", "address")).isZero();
        attempts.failed("a", "address");
        assertThat(attempts.wait("a", "address")).isEqualTo(2);
        attempts.failed("a", "address");
        assertThat(attempts.wait("a", "address")).isEqualTo(4);
        assertThat(attempts.wait("b", "address")).isZero();
        assertThat(attempts.wait("b", "address")).isZero();
        for (int i = 0; i < 40; i++) {
            attempts.failed("a", "address");
        }
        assertThat(attempts.wait("a", "address")).isEqualTo(900);
        assertThat(attempts.wait("b", "address")).isZero();
        attempts.succeeded("a", "address");
        assertThat(attempts.wait("a", "address")).isZero();
    }

    @Test
    void wait_isForAllNamesOfAnAddressThatTriesMany() {
        for (int i = 0; i < 50; i++) {
            attempts.failed("name " + i, "address");
        }

        assertThat(attempts.wait("other", "address")).isPositive();
        assertThat(attempts.wait("other", "elsewhere")).isZero();
    }

    @Test
    void wait_isOverAfterAWhile() {
        for (int i = 0; i < 5; i++) {
            attempts.failed("a", "address");
        }
        now = now.plus(Duration.ofSeconds(2));
        assertThat(attempts.wait("a", "address")).isZero();
        now = now.plus(Duration.ofMinutes(20));
        attempts.failed("a", "address");
        assertThat(attempts.wait("a", "address")).isZero();
    }

    @Test
    void failed_byEverybodyInTheWorld_keepsBounded() {
        for (int i = 0; i < 20_000; i++) {
            attempts.failed("", "client " + i);
        }
        for (int i = 0; i < 5; i++) {
            attempts.failed("anybody", "client");
        }
        assertThat(attempts.wait("anybody", "client")).isPositive();
    }
}
