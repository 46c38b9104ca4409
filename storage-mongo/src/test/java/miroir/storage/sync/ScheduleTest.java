package miroir.storage.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource({
        "6h, 2026-09-01T10:00:00Z, 2026-09-01T16:00:00Z",
        "90s, 2026-09-01T10:00:00Z, 2026-09-01T10:01:30Z",
        "30 4 * * * Europe/Paris, 2026-09-01T10:00:00Z, 2026-09-02T02:30:00Z",
        "30 4 * * *, 2026-09-01T01:00:00Z, 2026-09-01T02:30:00Z",
        "*/20 * * * * UTC, 2026-09-01T10:20:00Z, 2026-09-01T10:40:00Z",
        "0 0 1 1 * UTC, 2026-09-01T10:20:00Z, 2027-01-01T00:00:00Z",
        "0 12 * * 1-5 UTC, 2026-09-04T12:00:00Z, 2026-09-07T12:00:00Z",
        "0 12 * * 7 UTC, 2026-09-04T12:00:00Z, 2026-09-06T12:00:00Z",
        "0 0 13 * 5 UTC, 2026-09-01T00:00:00Z, 2026-09-04T00:00:00Z",
        "'0,30 8-9 * * * UTC', 2026-09-01T08:00:00Z, 2026-09-01T08:30:00Z",
        // On 29 March 2026 there is no half past two in Paris; on 25 October there are two.
        "30 2 * * *, 2026-03-28T01:30:00Z, 2026-03-29T01:30:00Z",
        "30 2 * * *, 2026-03-29T01:30:00Z, 2026-03-30T00:30:00Z",
        "30 2 * * *, 2026-10-24T00:30:00Z, 2026-10-25T00:30:00Z",
        "30 2 * * *, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "0 */2 * * *, 2026-03-28T23:00:00Z, 2026-03-29T01:00:00Z",
        "*/20 * * * *, 2026-10-25T00:40:00Z, 2026-10-25T01:00:00Z",
        "*/20 * * * *, 2026-03-29T00:40:00Z, 2026-03-29T01:00:00Z"
    })
    void after_lastStart_isTheNextTime(String text, Instant last, Instant next) {
        assertThat(Schedule.parse(text).after(last)).isEqualTo(next);
        assertThat(Schedule.parse(Schedule.parse(text).text()).after(last))
                .as("written and read")
                .isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "daily",
                "0s",
                "* * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "5-1 * * * *",
                "*/0 * * * *",
                "0 0 * * * Mars/Base"
            })
    void parse_whatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> Schedule.parse(text))
                .isInstanceOf(RuntimeException.class)
                .hasMessageNotContaining("null");
    }

    @Test
    void parse_timesThatNeverCome_isRefused() {
        assertThatThrownBy(() -> Schedule.parse("0 0 31 2 * UTC")).hasMessageContaining("never come");
        assertThatThrownBy(() -> Schedule.parse("* * 31 2 * UTC")).hasMessageContaining("never come");
    }

    @Test
    void after_theLastLeapDayBeforeALongTime_comes() {
        assertThat(Schedule.parse("0 0 29 2 * UTC").after(Instant.parse("2096-03-01T00:00:00Z")))
                .isEqualTo("2104-02-29T00:00:00Z");
    }
}
