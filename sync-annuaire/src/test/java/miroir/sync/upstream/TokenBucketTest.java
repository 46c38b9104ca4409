package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** Ten wait for their places when the upstream says that it is enough. */
    @Test
    void await_heldMeanwhile_takesANewPlaceBehindThat() {
        TokenBucket bucket = new TokenBucket(10, now::get);
        bucket.take();
        long begun = now.get();
        List<Long> pauses = new ArrayList<>();

        bucket.await(nanos -> {
            pauses.add(nanos);
            now.addAndGet(nanos);
            if (pauses.size() == 1) {
                bucket.hold(Duration.ofSeconds(5).toNanos());
            }
        });

        assertThat(pauses).hasSize(2);
        assertThat(now.get() - begun).isEqualTo(Duration.ofMillis(5_100).toNanos());
        assertThat(bucket.take())
                .as("the next one")
                .isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void quota_shipped_isNotExceededInAnySecondThatArrivesUnevenly() {
        TokenBucket bucket = new TokenBucket(16, now::get);
        long late = Duration.ofMillis(60).toNanos();
        int inOneSecond = 0;
        for (long place = bucket.take(); place <= Duration.ofSeconds(1).toNanos() - late; place = bucket.take()) {
            inOneSecond++;
        }

        assertThat(inOneSecond + 1).as("and one that was late from before").isLessThanOrEqualTo(17);
    }

    @Test
    void quota_ofNone_isRefused() {
        assertThatThrownBy(() -> new TokenBucket(0, now::get)).hasMessageContaining("more than 0");
    }
}
