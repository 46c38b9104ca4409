package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalConditionTest {
    private static final SearchParser PARSER = new SearchParser(
            RegistryLoader.load(Set.of("Practitioner", "PractitionerRole"), ShippedSearch.files()),
            ZoneId.of("Europe/Paris"),
            Set.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "identifier=a%7C1&active=true; active=true&identifier=a|1",
                "identifier=a|1,a|2; identifier=a|2,a|1,a|2",
                "active=true&active=true; active=true",
                "family=X&name=Lefevre; name=lefèvre&family=x",
                "_has:PractitionerRole:practitioner:role=a,b; _has:PractitionerRole:practitioner:role=b,a",
                "active:not=true&_lastUpdated=gt2020; _lastUpdated=gt2020&active:not=true"
            })
    void of_sameQuestion_isTheSame(String one, String other) {
        assertThat(canonical(one)).isEqualTo(canonical(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "identifier=a|1; identifier=a|2",
                "identifier=a|1; identifier=1",
                "active=true; active:not=true",
                "identifier=a|1,a|2; identifier=a|1&identifier=a|2",
                "family=x; family:exact=x",
                "_lastUpdated=gt2020; _lastUpdated=ge2020"
            })
    void of_anotherQuestion_isAnother(String one, String other) {
        assertThat(canonical(one)).isNotEqualTo(canonical(other));
    }

    private static String canonical(String query) {
        List<QueryParameter> parameters = QueryParameter.decode(query);
        return CanonicalCondition.of(
                PARSER.parse("Practitioner", parameters, Handling.STRICT).where());
    }
}
