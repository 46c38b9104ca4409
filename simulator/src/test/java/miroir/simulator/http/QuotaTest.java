package miroir.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void take_moreThanAllowedInASecond_isDeniedUntilTheNext() {
        Quota quota = new Quota(2, nanos::get);

        assertThat(quota.take()).isTrue();
        assertThat(quota.take()).isTrue();
        assertThat(quota.take()).isFalse();
        nanos.addAndGet(1_000_000_000L);
        assertThat(quota.take()).isTrue();
    }

    @Test
    void take_withoutQuota_isAlwaysAllowed() {
        Quota quota = new Quota(0, nanos::get);

        for (int i = 0; i < 1000; i++) {
            assertThat(quota.take()).isTrue();
        }
    }
}
