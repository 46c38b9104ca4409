package miroir.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogHistogramTest {
    private static final double WIDEST = 1.0 / 8;

    private static LogHistogram of(long... nanos) {
        LiveHistogram live = new LiveHistogram();
        Arrays.stream(nanos).forEach(live::add);
        return live.present();
    }

    @Test
    void bucket_ofItsShortestTime_isItself() {
        for (int bucket = 0; bucket < LogHistogram.BUCKETS; bucket++) {
            long micros = LogHistogram.shortest(bucket);
            assertThat(LogHistogram.bucket(TimeUnit.MICROSECONDS.toNanos(micros)))
                    .as("%d µs", micros)
                    .isEqualTo(bucket);
        }
    }

    @Test
    void buckets_all_areNoWiderThanAnEighthOfTheTimesInThem() {
        for (int bucket = 8; bucket < LogHistogram.BUCKETS - 1; bucket++) {
            double width = LogHistogram.shortest(bucket + 1) - (double) LogHistogram.shortest(bucket);
            assertThat(width / LogHistogram.shortest(bucket)).isBetween(1e-9, WIDEST);
        }
        assertThat(LogHistogram.shortest(LogHistogram.BUCKETS - 1)).isGreaterThan(120_000_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
    void bucket_ofWhatIsNoUsualTime_isOneOfThem(long nanos) {
        assertThat(LogHistogram.bucket(nanos)).isBetween(0, LogHistogram.BUCKETS - 1);
    }

    @Test
    void percentile_ofManyTimes_isNearTheTrueOne() {
        Random random = new Random(20261129);
        long[] nanos = random.doubles(20_000)
                .mapToLong(each -> (long) (50_000 * Math.exp(9 * each)))
                .toArray();
        LogHistogram histogram = of(nanos);
        Arrays.sort(nanos);
        for (double part : new double[] {0.1, 0.5, 0.9, 0.95, 0.99, 0.999}) {
            double exact = nanos[(int) (part * nanos.length)] / 1e6;
            assertThat(histogram.percentile(part)).isCloseTo(exact, within(exact * WIDEST));
        }
    }

    @Test
    void percentile_ofNothing_isNoNumber() {
        assertThat(LogHistogram.EMPTY.percentile(0.5)).isNaN();
    }

    @Test
    void percentile_ofAll_isTheLongest() {
        assertThat(of(1_000_000, 2_000_000, 300_000_000).percentile(1)).isCloseTo(300, within(300 * WIDEST));
    }

    @Test
    void together_andTakenApartAgain_isWhatItWas() {
        LogHistogram morning = of(100_000, 100_000, 5_000_000);
        LogHistogram noon = of(5_000_000, 900_000_000);

        LogHistogram both = morning.and(noon);

        assertThat(both.count()).isEqualTo(5);
        assertThat(both.since(morning)).hasToString(noon.toString());
        assertThat(both.since(noon)).hasToString(morning.toString());
        assertThat(both.since(both)).isSameAs(LogHistogram.EMPTY);
        assertThat(LogHistogram.EMPTY.and(noon)).isSameAs(noon);
    }
}
