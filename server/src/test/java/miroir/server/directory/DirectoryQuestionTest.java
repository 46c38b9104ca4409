package miroir.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.index.search.QueryParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryQuestionTest {
    @ParameterizedTest
    @CsvSource({
        "SM26, true",
        "10, true",
        "C, true",
        "DSM40, true",
        "https://rpps.esante.gouv.fr|x, true",
        "cardiologue, false",
        "CARDIOLOGUE, false",
        "médecine générale, false",
    })
    void isCode_tellsCodesFromWords(String value, boolean expected) {
        assertThat(DirectoryQuestion.isCode(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "12 rue du Général de Gaulle, general gaulle",
        "12 bis av. Foch, foch",
        "Rue, rue",
        "Didot, didot",
        "rue du 8 mai 1945, mai 1945",
        "96 R DIDOT, didot",
    })
    void street_isWithoutItsNumberAndKind(String typed, String expected) {
        AskedPlace place = AskedPlace.of(DirectoryQuestion.of(List.of(new QueryParameter("street", typed))), null);

        assertThat(place.street()).extracting(AskedName.Word::text).containsExactly(expected.split(" ", -1));
    }

    @Test
    void city_mayHaveItsSaintWrittenOut() {
        assertThat(city("St-Étienne")).containsExactly("st etienne", "saint etienne");
        assertThat(city("Sainte-Anne")).containsExactly("sainte anne", "ste anne");
        assertThat(city("Paris")).containsExactly("paris");
    }

    private static List<String> city(String typed) {
        return AskedPlace.of(DirectoryQuestion.of(List.of(new QueryParameter("city", typed))), null)
                .cities();
    }
}
