package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.Condition.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InclusionParametersTest {
    private static final SearchParser PARSER = new SearchParser(
            RegistryLoader.load(Set.of("Practitioner", "PractitionerRole", "Organization", "Patient"), List.of()),
            ZoneId.of("Europe/Paris"),
            Set.of());

    private static List<Inclusion> parse(String type, String query) {
        return PARSER.parse(type, QueryParameter.decode(query), Handling.STRICT, Instant.EPOCH)
                .inclusions();
    }

    @Test
    @Proves("_include, several")
    void parse_includes_saysWhichReferencesAreFollowed() {
        assertThat(parse(
                        "PractitionerRole",
                        "_include=PractitionerRole:practitioner&_include:iterate=Organization:partof:Organization"
                                + "&_revinclude=Patient:general-practitioner"))
                .containsExactly(
                        new Inclusion(
                                Direction.REFERS_TO, "PractitionerRole", "t_practitioner-reference", List.of(), false),
                        new Inclusion(
                                Direction.REFERS_TO,
                                "Organization",
                                "t_partof-reference",
                                List.of("Organization"),
                                true),
                        new Inclusion(
                                Direction.REFERRED_BY,
                                "Patient",
                                "t_general-practitioner-reference",
                                List.of(),
                                false));
    }

    @Test
    @Proves("_include:iterate, and :recurse")
    void parse_stars_meanAllReferences() {
        assertThat(parse("PractitionerRole", "_include=*"))
                .isEqualTo(parse("PractitionerRole", "_include=PractitionerRole:*"))
                .extracting(Inclusion::field)
                .contains("t_practitioner-reference", "t_organization-reference", "t_location-reference");
        assertThat(parse("Practitioner", "_revinclude=*"))
                .extracting(Inclusion::type)
                .contains("PractitionerRole", "Patient")
                .doesNotContain("Organization");
        assertThat(parse("PractitionerRole", "_include:recurse=PractitionerRole:organization"))
                .allMatch(Inclusion::iterated);
    }

    @Test
    @Proves("_revinclude:iterate")
    void parse_starsThatIterate_meanThoseOfWhatIsIncludedAsWell() {
        assertThat(parse("PractitionerRole", "_include:iterate=*"))
                .extracting(Inclusion::type)
                .contains("PractitionerRole", "Organization", "Patient");
        assertThat(parse("Organization", "_revinclude:iterate=*"))
                .extracting(Inclusion::field)
                .contains("t_practitioner-reference", "t_partof-reference");
    }

    @Test
    void parse_tooManyInclusions_areNotDoneByALenientClientEither() {
        String all = "_include:iterate=*&".repeat(90);

        assertThatThrownBy(() -> parse("PractitionerRole", all)).hasMessageContaining("allowed are at most 500");
        SearchRequest lenient =
                PARSER.parse("PractitionerRole", QueryParameter.decode(all), Handling.LENIENT, Instant.EPOCH);
        assertThat(lenient.warnings()).isNotEmpty();
        assertThat(lenient.inclusions()).hasSizeLessThanOrEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "_include=practitioner; says no reference",
                "_include=; says no reference",
                "_include=a:b:c:d; says no reference",
                "_include=PractitionerRole:practitionr; did you mean \"practitioner\"",
                "_include=PractitionerRole:role; is not a reference of PractitionerRole",
                "_include=Practitionner:x; did you mean \"Practitioner\"",
                "_include=PractitionerRole:practitioner:Patient; cannot refer to Patient",
                "_include=PractitionerRole:practitioner:Nothing; not known here",
                "_include:again=PractitionerRole:practitioner; allowed is :iterate",
                "_includes=PractitionerRole:practitioner; allowed are _include and _revinclude",
            })
    void parse_whatIsNoInclusion_isRefused(String query, String reason) {
        assertThatThrownBy(() -> parse("PractitionerRole", query))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageContaining(reason);
    }
}
