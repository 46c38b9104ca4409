package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.ExpressionText;
import miroir.index.search.SearchableParameters;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompartmentsTest {
    private static final Compartments COMPARTMENTS = new Compartments(
            FhirContext.forR4Cached(),
            SearchableParameters.all(RegistryLoader.load(Structures.r4().resourceTypes(), List.of())));

    /** As R4's definitions have it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Patient       | Observation      | performer refers to Patient/1 or subject refers to Patient/1
            Patient       | Patient          | link refers to Patient/1 or _id is 1
            Patient       | Encounter        | subject refers to Patient/1
            Practitioner  | PractitionerRole | practitioner refers to Practitioner/1
            Practitioner  | Observation      | performer refers to Practitioner/1
            RelatedPerson | Patient          | link refers to RelatedPerson/1
            Encounter     | Encounter        | _id is 1
            Encounter     | Condition        | encounter refers to Encounter/1
            Device        | Observation      | device refers to Device/1 or subject refers to Device/1
            """)
    void membership_isWhatTheDefinitionSays(String compartment, String type, String said) {
        String text = ExpressionText.of(COMPARTMENTS.membership(new ResourceKey(compartment, "1"), type));

        assertThat(Set.of(text.split(" or ", -1))).isEqualTo(Set.of(said.split(" or ", -1)));
    }

    @Test
    void types_ofACompartment_areThoseOfTheDefinition() {
        assertThat(COMPARTMENTS.types("Patient"))
                .hasSize(66)
                .contains("Patient", "Observation", "VisionPrescription")
                .doesNotContain("Device", "Organization", "Practitioner");
        assertThat(COMPARTMENTS.types("Encounter")).contains("Encounter", "Observation");
    }

    @Test
    void membership_ofWhatIsNeverInIt_isRefusedWithWhatMayBe() {
        assertThatThrownBy(() -> COMPARTMENTS.membership(new ResourceKey("Encounter", "1"), "Patient"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageContaining("no Patient is in a compartment of the type Encounter")
                .hasMessageContaining("Observation");
    }
}
