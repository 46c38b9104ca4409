package miroir.index.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ServedTypesTest {
    @Test
    void of_nothingOrDirectory_isTheDirectory() {
        assertThat(ServedTypes.of("")).isEqualTo(ServedTypes.of("directory")).hasSize(7);
    }

    @Test
    void of_all_isEveryTypeOfR4() {
        assertThat(ServedTypes.of("all")).isEqualTo(Structures.r4().resourceTypes());
    }

    @Test
    void of_list_keepsItsOrder() {
        assertThat(ServedTypes.of("Patient, Observation")).containsExactly("Patient", "Observation");
    }

    @Test
    void of_listWithDirectory_hasItsTypes() {
        assertThat(ServedTypes.of("directory,Subscription")).hasSize(8).contains("Practitioner", "Subscription");
    }

    @Test
    void of_unknown_namesTheNearest() {
        assertThatThrownBy(() -> ServedTypes.of("Patient,Obervation"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"Obervation\"")
                .hasMessageContaining("did you mean \"Observation\"?");
    }
}
