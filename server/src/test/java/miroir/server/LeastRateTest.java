package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeastRateTest {
    private final LeastRate rate = new LeastRate(8192, Duration.ofSeconds(30));

    @Test
    void nanosFor_fewBytes_leaveTimeForPauses() {
        assertThat(Duration.ofNanos(rate.nanosFor(30))).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    }

    @Test
    void nanosFor_manyBytes_growWithThem() {
        assertThat(Duration.ofNanos(rate.nanosFor(8 << 20)))
                .isBetween(Duration.ofSeconds(30 + 1024), Duration.ofSeconds(30 + 1026));
    }

    @Test
    void nanosFor_aRateBeyondNanoseconds_areAtLeastOneForEachByte() {
        assertThat(new LeastRate(1 << 30, Duration.ZERO).nanosFor(1 << 30)).isPositive();
    }
}
