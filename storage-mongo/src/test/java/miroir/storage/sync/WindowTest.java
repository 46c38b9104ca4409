package miroir.storage.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final Instant AT = Instant.parse("2026-08-25T10:16:00Z");

    @Test
    void query_anyWindow_isTwoBoundsInUtcWithMillisecondsWhereThereAreAny() {
        assertThat(new Window(AT, AT.plusMillis(61_007)).query())
                .isEqualTo("_lastUpdated=ge2026-08-25T10:16:00Z&_lastUpdated=lt2026-08-25T10:17:01.007Z");
    }

    @Test
    void window_finerThanMilliseconds_isTruncated() {
        assertThat(new Window(AT.plusNanos(999_999), AT.plusMillis(1)).from()).isEqualTo(AT);
    }

    @Test
    void window_empty_isRefused() {
        assertThatThrownBy(() -> new Window(AT, AT)).hasMessageContaining("is empty");
    }

    @Test
    void halves_oddLength_touchWithoutOverlap() {
        Window window = new Window(AT, AT.plusMillis(3));

        assertThat(window.earlierHalf()).isEqualTo(new Window(AT, AT.plusMillis(1)));
        assertThat(window.laterHalf()).isEqualTo(new Window(AT.plusMillis(1), AT.plusMillis(3)));
    }

    @Test
    void halves_moreThanASecond_areWholeSeconds() {
        Window window = new Window(AT, AT.plusSeconds(3));

        assertThat(window.earlierHalf()).isEqualTo(new Window(AT, AT.plusSeconds(1)));
        assertThat(new Window(AT, AT.plusSeconds(1)).earlierHalf().to()).isEqualTo(AT.plusMillis(500));
        assertThat(new Window(AT.plusMillis(700), AT.plusMillis(2_100))
                        .earlierHalf()
                        .to())
                .isEqualTo(AT.plusSeconds(1));
    }
}
