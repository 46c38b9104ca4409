package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.Condition.Linked;
import org.junit.jupiter.api.Test;

final class ChainsOfOneTest {
    private static final SearchParser PARSER = new SearchParser(
            RegistryLoader.load(
                    Set.of("Patient", "Practitioner", "PractitionerRole", "Organization", "Observation"), List.of()),
            ZoneId.of("Europe/Paris"),
            Set.of("http://me/fhir"));

    @Test
    void chainsOverOneReference_areOneQuestion() {
        List<Linked> links = links("PractitionerRole", "practitioner.family=x&active=true&practitioner.given=y");

        assertThat(links).hasSize(1);
        assertThat(links.get(0).condition())
                .isEqualTo(new Condition.And(List.of(
                        new Condition.Text("t_family", "x", false), new Condition.Text("t_given", "y", false))));
    }

    @Test
    void chainsOfChains_areOneQuestionEach() {
        List<Linked> links = links(
                "PractitionerRole", "organization.partof.name=x&organization.partof.active=true&practitioner.given=y");

        assertThat(links).extracting(Linked::type).containsExactly("Organization", "Practitioner");
        assertThat(of(links.get(0).condition())).hasSize(1);
    }

    /** Two practitioners of a patient may meet one each. */
    @Test
    void chainsOverSeveralReferences_areMetByAnyOfThem() {
        assertThat(links(
                        "Patient",
                        "general-practitioner:Practitioner.family=x&general-practitioner:Practitioner.given=y"))
                .hasSize(2);
    }

    @Test
    void chainsToDifferentTypes_areDifferentQuestions() {
        assertThat(links("Observation", "subject:Patient.name=x&subject:Patient.gender=male&performer:Patient.name=y"))
                .hasSize(2);
    }

    @Test
    void whatRefersToThis_isAskedEachByItself() {
        assertThat(links(
                        "Practitioner",
                        "_has:PractitionerRole:practitioner:active=true&_has:PractitionerRole:practitioner:role=x"))
                .hasSize(2);
    }

    private static List<Linked> links(String type, String query) {
        return of(PARSER.parse(type, QueryParameter.decode(query), Handling.STRICT, Instant.EPOCH)
                .where());
    }

    private static List<Linked> of(Condition where) {
        if (where instanceof Condition.And and) {
            return and.parts().stream().flatMap(each -> of(each).stream()).toList();
        }
        return where instanceof Linked link ? List.of(link) : List.of();
    }
}
