package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BucketTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Bucket bucket = new Bucket();

    private int taken(int perSecond, long now, int tries) {
        return (int) IntStream.range(0, tries)
                .filter(i -> bucket.take(perSecond, now) == 0)
                .count();
    }

    @Test
    void take_afterARest_givesTenSecondsAtOnceAndThenTheRate() {
        assertThat(taken(50, 0, 1_000)).isEqualTo(500);
        assertThat(bucket.take(50, 0)).isEqualTo(SECOND / 50);
        assertThat(taken(50, SECOND / 50 - 1, 1)).isZero();
        assertThat(taken(50, SECOND / 50, 2)).isEqualTo(1);
        assertThat(taken(50, SECOND, 1_000)).isEqualTo(49);
        assertThat(taken(50, 3600 * SECOND, 1_000)).isEqualTo(500);
    }

    @Test
    void take_byManyAtOnce_givesNoMore() {
        long taken = IntStream.range(0, 20_000)
                .parallel()
                .filter(i -> bucket.take(700, SECOND) == 0)
                .count();

        assertThat(taken).isEqualTo(7_000);
    }

    @Test
    void take_atAnotherRate_waitsForOneAtThatRate() {
        taken(1, 0, 100);

        assertThat(bucket.take(1, 0)).isEqualTo(SECOND);
        assertThat(bucket.take(100, 0)).isEqualTo(SECOND / 100);
        assertThat(taken(100, SECOND, 1_000)).isEqualTo(100);
    }

    @Test
    void owe_isPaidBeforeTheNextIsGiven() {
        bucket.owe(600, 50, 0);

        assertThat(bucket.untilNext(50, 0)).isEqualTo(2 * SECOND + SECOND / 50);
        assertThat(taken(50, 2 * SECOND, 10)).isZero();
        assertThat(taken(50, 3 * SECOND, 1_000)).isEqualTo(50);
    }

    @Test
    void owe_whateverIsTaken_isPaidAfterAMinute() {
        assertThat(bucket.owe(100_000, 1, 0)).isZero();
        assertThat(bucket.owe(100_000, 1, 0)).isEqualTo(60 * SECOND);

        assertThat(bucket.take(1, 0)).isEqualTo(61 * SECOND);
        assertThat(bucket.take(1, 61 * SECOND)).isZero();
    }

    @Test
    void isFull_isWhatNobodyUsedForLongEnough() {
        assertThat(bucket.isFull(0)).isTrue();
        bucket.take(2, 0);

        assertThat(bucket.isFull(SECOND / 2 - 1)).isFalse();
        assertThat(bucket.isFull(SECOND / 2)).isTrue();
    }
}
