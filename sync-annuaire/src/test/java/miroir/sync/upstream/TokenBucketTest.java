package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final AtomicLong now = new AtomicLong(1_000);

    @Test
    void take_inOneMoment_givesPlacesApart() {
        TokenBucket bucket = new TokenBucket(10, now::get);

        assertThat(bucket.take()).isZero();
        assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(bucket.take()).isEqualTo(Duration.ofMillis(200).toNanos());
    }

    @Test
    void take_afterAPause_savesNothingUp() {
        TokenBucket bucket = new TokenBucket(10, now::get);
        bucket.take();
        now.addAndGet(Duration.ofSeconds(30).toNanos());

        assertThat(bucket.take()).isZero();
        assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void quota_ofNone_isRefused() {
        assertThatThrownBy(() -> new TokenBucket(0, now::get)).hasMessageContaining("more than 0");
    }
}
