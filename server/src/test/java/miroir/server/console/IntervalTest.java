package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.server.pages.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IntervalTest {
    @ParameterizedTest
    @CsvSource({
        "1d, tous les jours, 24 h",
        "7d, tous les 7 jours, 7 jours",
        "1h, toutes les heures, 1 h",
        "36h, toutes les 36 heures, 36 h",
        "10m, toutes les 10 minutes, 10 min",
        "90s, toutes les 90 secondes, 1 min 30 s",
        "1s, toutes les secondes, 1 s"
    })
    void of_whatIsWritten_isSaidAsPeopleSayIt(String written, String often, String length) {
        Interval interval = Interval.of(written).orElseThrow();

        assertThat(interval.often(FragmentsTest.view(Language.FR))).isEqualTo(often);
        assertThat(interval.length(FragmentsTest.view(Language.FR))).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15 5 * * * Europe/Paris", "500ms", "", "h", "1w", "9999999999d"})
    void of_somethingElse_isNone(String written) {
        assertThat(Interval.of(written)).isEmpty();
    }

    @Test
    void facts_ofASynchronisation_areInWords() {
        assertThat(SynchronisationForm.of("annuaire.Device", PagesTest.synchronisation())
                        .facts(FragmentsTest.view(Language.FR)))
                .extracting(Fact::value)
                .noneMatch(value -> value.matches("[0-9]+[smhd]"));
    }
}
