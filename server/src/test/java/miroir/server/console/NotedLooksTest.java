package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class NotedLooksTest {
    private final AtomicLong clock = new AtomicLong();
    private final NotedLooks noted = new NotedLooks(clock::get);

    @Test
    void isNew_ofThatAgain_isNotForAnHour() {
        assertThat(noted.isNew("somebody", "all")).isTrue();
        assertThat(noted.isNew("somebody", "all")).isFalse();
        assertThat(noted.isNew("somebody", "some")).isTrue();
        assertThat(noted.isNew("another", "all")).isTrue();
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(noted.isNew("somebody", "all")).isTrue();
    }

    /** A note too many is better than one too few. */
    @Test
    void isNew_ofTooMany_isAgain() {
        for (int i = 0; i <= 1000; i++) {
            assertThat(noted.isNew("somebody", "filter " + i)).isTrue();
        }

        assertThat(noted.isNew("somebody", "filter 0")).isTrue();
    }
}
