package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import miroir.server.proxy.Addresses;
import org.junit.jupiter.api.Test;

final class BucketsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST = 1_000;

    private final Buckets buckets = new Buckets(MOST, Addresses::wider);

    private boolean take(String who, long now) {
        return buckets.of(who, now).take(1, now) == 0;
    }

    private void useUp(String who, long now) {
        while (take(who, now)) {
            // Until there is nothing.
        }
    }

    private static String ofAttacker(int i) {
        return "2001:db8:" + Integer.toHexString(i) + ":0::/64";
    }

    @Test
    void of_whatIsFullAgain_isForgottenWhenThereAreTooMany() {
        for (int i = 0; i < 50 * MOST; i++) {
            assertThat(take(ofAttacker(i), i * SECOND / 10)).isTrue();
            assertThat(buckets.size()).isLessThanOrEqualTo(MOST);
        }
    }

    @Test
    void of_whereSomebodyHasAllNetworks_pushesOutNobody() {
        useUp("192.0.2.7", 0);
        take("192.0.2.8", 0);

        for (int i = 0; i < 50 * MOST; i++) {
            useUp(ofAttacker(i), 0);
        }

        assertThat(buckets.size()).isEqualTo(MOST);
        assertThat(take("192.0.2.7", 0)).as("who has used up his").isFalse();
        assertThat(take("192.0.2.8", 0)).as("who is known").isTrue();
    }

    @Test
    void of_whereSomebodyHasAllNetworks_leavesNewcomersABucket() {
        for (int i = 0; i < 50 * MOST; i++) {
            useUp(ofAttacker(i), 0);
        }

        assertThat(take(ofAttacker(50 * MOST), 0)).as("one network more of his").isFalse();
        long served = 0;
        for (int i = 0; i < 100; i++) {
            served += take("10." + i + ".0.1", 0) ? 1 : 0;
        }
        assertThat(served).as("of a hundred newcomers").isGreaterThan(90);
    }

    @Test
    void of_manyWiderNetworks_spreadsThem() {
        for (int i = 0; i < MOST; i++) {
            useUp(ofAttacker(i), 0);
        }

        long different = IntStream.range(0, 200)
                .mapToObj(i -> buckets.of("198." + i + ".0.1", 0))
                .distinct()
                .count();

        assertThat(different).isGreaterThan(150);
    }
}
