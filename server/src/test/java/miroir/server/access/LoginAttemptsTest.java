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
            attempts.failed("a");
        }
        assertThat(attempts.wait("a")).isZero();
        attempts.failed("a");
        assertThat(attempts.wait("a")).isEqualTo(2);
        attempts.failed("a");
        assertThat(attempts.wait("a")).isEqualTo(4);
        assertThat(attempts.wait("b")).isZero();
        for (int i = 0; i < 100; i++) {
            attempts.failed("a");
        }
        assertThat(attempts.wait("a")).isEqualTo(900);
        attempts.succeeded("a");
        assertThat(attempts.wait("a")).isZero();
    }

    @Test
    void wait_isOverAfterAWhile() {
        for (int i = 0; i < 5; i++) {
            attempts.failed("a");
        }
        now = now.plus(Duration.ofSeconds(2));
        assertThat(attempts.wait("a")).isZero();
        now = now.plus(Duration.ofMinutes(20));
        attempts.failed("a");
        assertThat(attempts.wait("a")).isZero();
    }

    @Test
    void failed_byEverybodyInTheWorld_keepsBounded() {
        for (int i = 0; i < 20_000; i++) {
            attempts.failed("client " + i);
        }
        for (int i = 0; i < 5; i++) {
            attempts.failed("client");
        }
        assertThat(attempts.wait("client")).isPositive();
    }
}
