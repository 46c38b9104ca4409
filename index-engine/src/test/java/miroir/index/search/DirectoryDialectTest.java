package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DirectoryDialectTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "identifier; |810000005479; identifier; 810000005479",
                "identifier; |1,|2,https://rpps.esante.gouv.fr|3,4; identifier; 1,2,https://rpps.esante.gouv.fr|3,4",
                "identifier; https://finess.esante.gouv.fr|; identifier; https://finess.esante.gouv.fr|",
                "type:not; |159,165; type:not; 159,165",
                "name:family; MASI; name; MASI",
                "name:text; MASI; name; MASI",
                "role:text; a; role; a",
                "name:contains; imagerie,centre; name:contains; imagerie,centre",
                "name:exact; A\\,B; name:exact; A\\\\,B",
                "identifier:of-type; s|c|v; identifier:of-type; s|c|v",
                "identifier:of-type; |c|v; identifier:of-type; |c|v",
                "name:contains; |x; name:contains; |x",
                "organization:Organization; 1; organization:Organization; 1",
                "organization:Organization.identifier; |1; organization:Organization.identifier; 1",
                "_include; PractitionerRole:organization; _include; PractitionerRole:organization",
                "_lastUpdated; ge2026-08-25; _lastUpdated; ge2026-08-25",
                "_count; 10000; _count; 10000",
            })
    void parameter_ofTheDirectory_isThatOfR4(String name, String value, String r4Name, String r4Value) {
        assertThat(DirectoryDialect.inR4(List.of(new QueryParameter(name, value))))
                .containsExactly(new QueryParameter(r4Name, r4Value));
    }

    /** A link is sent again to the base at which it was read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "identifier; |1,||2,3",
                "name:exact; A\\,B",
                "name; a\\\\b",
                "name:contains; |x",
                "_include; PractitionerRole:organization"
            })
    void whatIsSaidOfIt_meansTheSame(String name, String value) {
        List<QueryParameter> meant = DirectoryDialect.inR4(List.of(new QueryParameter(name, value)));

        assertThat(DirectoryDialect.inR4(DirectoryDialect.ofR4(meant))).isEqualTo(meant);
    }
}
