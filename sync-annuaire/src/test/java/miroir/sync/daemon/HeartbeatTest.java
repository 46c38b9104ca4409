package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // which a clock of nanoseconds may go beyond
    private final Heartbeat heartbeat = new Heartbeat("it", Duration.ofSeconds(20), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void isMissing_forAsLongAsAStepAndARestMayTake_isFalse() {
        assertThat(heartbeat.isMissing(PATIENCE)).isFalse();
        pass(Duration.ofSeconds(320));
        assertThat(heartbeat.isMissing(PATIENCE)).isFalse();
    }

    @Test
    void isMissing_longer_isTrueUntilItBeatsAgain() {
        pass(Duration.ofSeconds(320).plusNanos(1));
        assertThat(heartbeat.isMissing(PATIENCE)).isTrue();
        assertThat(heartbeat).hasToString("it stands still for 320 s");
        heartbeat.beat();
        assertThat(heartbeat.isMissing(PATIENCE)).isFalse();
        pass(Duration.ofSeconds(321));
        assertThat(heartbeat.isMissing(PATIENCE)).isTrue();
    }
}
