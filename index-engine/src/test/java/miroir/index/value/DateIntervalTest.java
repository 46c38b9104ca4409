package miroir.index.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import miroir.index.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateIntervalTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @ParameterizedTest
    @CsvSource({
        "2024, 2023-12-31T23:00:00Z, 2024-12-31T22:59:59.999Z",
        "2024-02, 2024-01-31T23:00:00Z, 2024-02-29T22:59:59.999Z",
        "2024-07-14, 2024-07-13T22:00:00Z, 2024-07-14T21:59:59.999Z",
        "2024-02-29, 2024-02-28T23:00:00Z, 2024-02-29T22:59:59.999Z",
        "2024-07-14T10:30, 2024-07-14T08:30:00Z, 2024-07-14T08:30:59.999Z",
        "2024-07-14T10:30Z, 2024-07-14T10:30:00Z, 2024-07-14T10:30:59.999Z",
        "2024-07-14T10:30:15, 2024-07-14T08:30:15Z, 2024-07-14T08:30:15.999Z",
        "2024-07-14T10:30:15+05:30, 2024-07-14T05:00:15Z, 2024-07-14T05:00:15.999Z",
        "2024-07-14T10:30:15-04:00, 2024-07-14T14:30:15Z, 2024-07-14T14:30:15.999Z",
        "2024-07-14T10:30:15.5Z, 2024-07-14T10:30:15.500Z, 2024-07-14T10:30:15.500Z",
        "2024-07-14T10:30:15.123456789Z, 2024-07-14T10:30:15.123Z, 2024-07-14T10:30:15.123Z",
        "0001, 0000-12-31T23:50:39Z, 0001-12-31T23:50:38.999Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z, 0001-01-01T00:00:00.999Z",
        "0001-01-01T00:00:00+14:00, 0000-12-31T10:00:00Z, 0000-12-31T10:00:00.999Z",
        "9999, 9998-12-31T23:00:00Z, 9999-12-31T22:59:59.999Z",
        "9999-12-31T23:59:59.999-14:00, +10000-01-01T13:59:59.999Z, +10000-01-01T13:59:59.999Z",
        "2016-12-31T23:59:60, 2016-12-31T23:00:00Z, 2016-12-31T23:00:00.999Z",
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z, 2017-01-01T00:00:00.999Z",
        "9999-12-31, 9999-12-30T23:00:00Z, 9999-12-31T22:59:59.999Z",
        "1900-01-01, 1899-12-31T23:50:39Z, 1900-01-01T23:50:38.999Z",
    })
    void parse_everyPrecision_inParis(String text, Instant start, Instant end) {
        assertThat(DateInterval.parse(text, PARIS)).isEqualTo(interval(start, end));
    }

    @ParameterizedTest
    @CsvSource({
        // 23 hours, then 25
        "2026-03-29, 2026-03-28T23:00:00Z, 2026-03-29T21:59:59.999Z",
        "2026-10-25, 2026-10-24T22:00:00Z, 2026-10-25T22:59:59.999Z",
        "2026-10-25T02:15, 2026-10-25T00:15:00Z, 2026-10-25T01:15:59.999Z",
        "2026-10-25T02:15:30.5, 2026-10-25T00:15:30.500Z, 2026-10-25T01:15:30.500Z",
        "2026-10-25T02:15:30+02:00, 2026-10-25T00:15:30Z, 2026-10-25T00:15:30.999Z",
        "2026-10-25T02:15:30+01:00, 2026-10-25T01:15:30Z, 2026-10-25T01:15:30.999Z",
        "2026-03-29T01:59, 2026-03-29T00:59:00Z, 2026-03-29T00:59:59.999Z",
        "2026-03-29T02:59, 2026-03-29T01:59:00Z, 2026-03-29T01:59:59.999Z",
        "2026-03-29T03:00, 2026-03-29T01:00:00Z, 2026-03-29T01:00:59.999Z",
        "2026-03, 2026-02-28T23:00:00Z, 2026-03-31T21:59:59.999Z",
        "2025-03-30, 2025-03-29T23:00:00Z, 2025-03-30T21:59:59.999Z",
        "2025-10-26, 2025-10-25T22:00:00Z, 2025-10-26T22:59:59.999Z",
        // skipped by the clock, then shown twice
        "2025-03-30T02:30:00, 2025-03-30T01:30:00Z, 2025-03-30T01:30:00.999Z",
        "2025-10-26T02:30:00, 2025-10-26T00:30:00Z, 2025-10-26T01:30:00.999Z",
        "2025-10-26T02:59, 2025-10-26T00:59:00Z, 2025-10-26T01:59:59.999Z",
        "2025-10-26T03:00:00, 2025-10-26T02:00:00Z, 2025-10-26T02:00:00.999Z",
    })
    void parse_daysWhenTheClockChanges(String text, Instant start, Instant end) {
        assertThat(DateInterval.parse(text, PARIS)).isEqualTo(interval(start, end));
    }

    @Test
    void parse_dayWithoutMidnight_startsAtItsFirstInstant() {
        // Beirut, 2024-03-31: the clock went from 00:00 to 01:00
        assertThat(DateInterval.parse("2024-03-31", ZoneId.of("Asia/Beirut")))
                .isEqualTo(interval(Instant.parse("2024-03-30T22:00:00Z"), Instant.parse("2024-03-31T20:59:59.999Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "24",
                "20240",
                "0000",
                "2024-",
                "2024-00",
                "2024-13",
                "2024-1",
                "2024-02-30",
                "2023-02-29",
                "2024-01-00",
                "2024-01-01Z",
                "2024-01-01T",
                "2024-01-01T10",
                "2024-01-01T10Z",
                "2024-01-01T24:00:00Z",
                "2024-01-01T10:60",
                "2024-01-01T10:00:61Z",
                "2024-01-01T10:00:00.Z",
                "2024-01-01T10:00:00+1:00",
                "2024-01-01T10:00:00+14:01",
                "2024-01-01T10:00:00 01:00",
                "2024-01-01T10:00:00z",
                "2024-01-01t10:00:00Z",
                "2024/01/01",
                "-2024",
                " 2024",
                "2024-01-01 10:00:00",
                "２０２４",
                "20240101",
                "ge2024"
            })
    void parse_whatIsNotADate_isRefusedWithASentence(String text) {
        assertThatThrownBy(() -> DateInterval.parse(text, PARIS))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("\"" + text + "\" is not a date; allowed are YYYY")
                .extracting(e -> ((Refusal) e).reason())
                .isEqualTo(Refusal.Reason.INVALID);
    }

    private static DateInterval interval(Instant start, Instant end) {
        return new DateInterval(start.toEpochMilli(), end.toEpochMilli());
    }
}
