package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.registry.RegistryLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTextTest {
    private static final SearchParser PARSER =
            new SearchParser(RegistryLoader.load(Set.of("Patient"), List.of()), ZoneId.of("Europe/Paris"), Set.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "_count=3; everything",
                "family=mar&gender=male,other; family starts with \"mar\" and (gender is male or gender is other)",
                "gender:not=male,other; not (gender is male or gender is other)",
                "family:missing=true; family is missing",
                "identifier=s%7C; identifier is s|",
                "identifier:of-type=s%7CMR%7C1; identifier is 1 of type s|MR",
                "organization=Organization/1; organization refers to Organization/1",
                "organization:identifier=s%7C1; organization identifies s|1",
                "_profile:below=http://a; _profile below http://a",
                "_id=a; _id is a",
                "_id:missing=true; nothing",
                "_lastUpdated=ge2024-07-01T12:00Z; _lastUpdated ge [2024-07-01T12:00:00Z, 2024-07-01T12:00:59.999Z]",
            })
    void of_saysItForPeople(String query, String expected) {
        SearchRequest request = PARSER.parse("Patient", QueryParameter.decode(query), Handling.STRICT, Instant.EPOCH);

        assertThat(ExpressionText.of(request.expression())).isEqualTo(expected);
    }
}
