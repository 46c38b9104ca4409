package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import miroir.index.Refusal;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SameSystems;
import miroir.index.store.HistoryQuery.During;
import miroir.server.configuration.SearchConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryParametersTest {
    private static final SearchConfiguration SETTINGS = new SearchConfiguration(
            50,
            1000,
            100,
            1000,
            1000,
            500,
            5000,
            1000,
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            Handling.STRICT,
            true,
            0,
            null,
            SameSystems.none());

    private static HistoryParameters.Asked read(String query) {
        return HistoryParameters.read(QueryParameter.decode(query), ZoneId.of("Europe/Paris"), SETTINGS);
    }

    @Test
    void read_ofNothing_isEverything() {
        HistoryParameters.Asked asked = read("");

        assertThat(asked.since()).isNull();
        assertThat(asked.at()).isNull();
        assertThat(asked.count()).isEqualTo(50);
        assertThat(asked.applied()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2024,                              2023-12-31T23:00:00Z,     2024-12-31T23:00:00Z",
        "2024-07,                           2024-06-30T22:00:00Z,     2024-07-31T22:00:00Z",
        "2024-03-31,                        2024-03-30T23:00:00Z,     2024-03-31T22:00:00Z",
        "2024-07-01T10:30Z,                 2024-07-01T10:30:00Z,     2024-07-01T10:31:00Z",
        "2024-07-01T10:30:00%2B02:00,       2024-07-01T08:30:00Z,     2024-07-01T08:30:01Z",
        "2024-07-01T10:30:00.120Z,          2024-07-01T10:30:00.120Z, 2024-07-01T10:30:00.121Z",
    })
    void read_ofADate_isTheIntervalThatItMeans(String date, Instant start, Instant end) {
        assertThat(read("_since=" + date).since()).isEqualTo(start);
        assertThat(read("_at=" + date).at()).isEqualTo(new During(start, end));
    }

    @Test
    void read_ofACountAboveTheMaximum_showsWhatIsApplied() {
        HistoryParameters.Asked asked = read("_count=5000&_sort=-_lastUpdated");

        assertThat(asked.count()).isEqualTo(1000);
        assertThat(QueryParameter.encode(asked.applied())).isEqualTo("_count=1000&_sort=-_lastUpdated");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            _count=0            | INVALID       | 1 to 1000
            _count=-1           | INVALID       | 1 to 1000
            _count=             | INVALID       | 1 to 1000
            _count=1&_count=2   | INVALID       | _count is given twice
            _since=             | INVALID       | _since: "" is not a date
            _since=2024-02-30   | INVALID       | 2024-02-30
            _at=gt2024          | INVALID       | _at: "gt2024" is not a date
            _sort=_id           | INVALID       | _sort=_id is not offered
            _since:exact=2024   | INVALID       | "_since:exact" means nothing in a history
            family=x            | INVALID       | allowed: _count, _since, _at, _summary, _elements, _sort=
            _list=1             | NOT_SUPPORTED | _list
            """)
    void read_ofWhatIsNotOffered_isRefusedByName(String query, Refusal.Reason reason, String said) {
        assertThatThrownBy(() -> read(query))
                .hasMessageContaining(said)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }
}
