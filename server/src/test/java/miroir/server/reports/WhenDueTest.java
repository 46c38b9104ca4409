package miroir.server.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the next report is to be made. */
final class WhenDueTest {
    private static final Instant STARTED = Instant.parse("2026-11-29T00:00:00Z");
    private static final Map<String, Instant> NONE = Map.of();
    private static final Map<String, Instant> COPIED = Map.of("Organization", STARTED, "Device", STARTED);
    private static final WhenDue DUE = new WhenDue(Duration.ofHours(24), STARTED);

    private static QualityReport report(Duration took) {
        return new QualityReport(STARTED.minus(took), STARTED, COPIED, Map.of());
    }

    @Test
    void first_waitsForWholeCopies() {
        assertThat(DUE.isDue(STARTED, null, NONE, true)).isFalse();
        assertThat(DUE.isDue(STARTED, null, COPIED, true)).isTrue();
        assertThat(DUE.isDue(STARTED.plusSeconds(3_000), null, COPIED, false)).isFalse();
        assertThat(DUE.isDue(STARTED.plusSeconds(301), null, NONE, true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // Hours later, hours that the last one took, copies that are newer, due
        "0.9, 0, 2, false",
        "1.1, 0, 2, true",
        "1.1, 0, 1, false",
        "1.1, 0, 0, false",
        "1.1, 1, 2, false",
        "4.1, 1, 2, true",
        "23.9, 0, 0, false",
        "24.1, 0, 0, true",
        "24.1, 9, 0, true",
        "-2, 0, 0, true"
    })
    void next_comesDaily_andAfterCopies(double later, int took, int newer, boolean due) {
        Instant now = STARTED.plusSeconds((long) (later * 3600));
        Map<String, Instant> copies = Map.of(
                "Organization",
                newer > 0 ? STARTED.plusSeconds(60) : STARTED,
                "Device",
                newer > 1 ? STARTED.plusSeconds(60) : STARTED);
        assertThat(DUE.isDue(now, report(Duration.ofHours(took)), copies, true)).isEqualTo(due);
    }

    @Test
    void next_waitsForCopiesThatAreBeingMadeWhole() {
        Map<String, Instant> copies = Map.of("Organization", STARTED.plusSeconds(60));
        Instant now = STARTED.plus(Duration.ofHours(2));
        assertThat(DUE.isDue(now, report(Duration.ZERO), copies, true)).isTrue();
        assertThat(DUE.isDue(now, report(Duration.ZERO), copies, false)).isFalse();
    }
}
