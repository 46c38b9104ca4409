package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CommitClockTest {
    private long primary = 1_000;
    private long steadyMillis;
    private int asked;

    private final CommitClock clock = new CommitClock(
            () -> {
                asked++;
                return Instant.ofEpochMilli(primary);
            },
            () -> Duration.ofMillis(steadyMillis).toNanos());

    @Test
    void now_primaryJustAsked_isReckonedFromItsAnswer() {
        clock.now();
        steadyMillis += 40;

        assertThat(clock.now()).isEqualTo(Instant.ofEpochMilli(1_040));
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void now_primaryOnceAhead_neverGoesBack() {
        steadyMillis += 9_000;
        clock.now();
        steadyMillis += 9_000;
        Instant before = clock.now();
        primary = 2_000;
        steadyMillis += 2_000;

        assertThat(clock.now()).isEqualTo(before);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void doubt_steadyClockStoodStill_asksAgain() {
        clock.now();
        primary = 90_000;
        steadyMillis += 1_000;
        clock.doubt();

        assertThat(clock.now()).isEqualTo(Instant.ofEpochMilli(90_000));
    }
}
