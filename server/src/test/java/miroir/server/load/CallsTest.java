package miroir.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CallsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final Calls calls = new Calls();

    @Test
    void calls_ofTheLastDay_areCounted_andOlderOnesAreNot() {
        for (int hour = 0; hour < 48; hour++) {
            calls.add("consumer/a", NOON.plus(Duration.ofHours(hour)));
            calls.add("consumer/a", NOON.plus(Duration.ofHours(hour)));
        }

        assertThat(calls.of("consumer/a", NOON.plus(Duration.ofHours(47)))).hasValue(48);
        assertThat(calls.of("consumer/a", NOON.plus(Duration.ofHours(60)))).hasValue(22);
        assertThat(calls.of("consumer/a", NOON.plus(Duration.ofDays(9)))).hasValue(0);
        assertThat(calls.of("consumer/b", NOON)).hasValue(0);
    }

    @Test
    void calls_ofTooMany_areThoseOfTheFirst() {
        for (int i = 0; i < 5_100; i++) {
            calls.add("consumer/" + i, NOON);
        }

        assertThat(calls.of("consumer/0", NOON)).hasValue(1);
        assertThat(calls.of("consumer/5099", NOON)).isEmpty();
        calls.add("consumer/late", NOON.plus(Duration.ofDays(2)));
        assertThat(calls.of("consumer/late", NOON.plus(Duration.ofDays(2)))).hasValue(1);
    }
}
