package miroir.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComputedValueTest {
    @ParameterizedTest
    @CsvSource({
        "75016, 75",
        "01000, 01",
        "62100, 62",
        "95880, 95",
        "92919, 92",
        "20000, 2A",
        "20137, 2A",
        "20303, 2A",
        "20704, 2A",
        "20200, 2B",
        "20260, 2B",
        "20401, 2B",
        "20600, 2B",
        "97120, 971",
        "97490, 974",
        "98800, 988"
    })
    void department_isThatOfThePostalCode(String postalCode, String department) {
        assertThat(ComputedValue.DEPARTMENT_OF_POSTAL_CODE.of(postalCode)).containsExactly(department);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7501", "750160", "B-1000", "00100", "96000", "99100", "75 016"})
    void department_isAbsentWhereThereIsNone(String postalCode) {
        assertThat(ComputedValue.DEPARTMENT_OF_POSTAL_CODE.of(postalCode)).isEmpty();
    }

    @Test
    void department_doesNotMindSpacesAround() {
        assertThat(ComputedValue.DEPARTMENT_OF_POSTAL_CODE.of(" 75016 ")).containsExactly("75");
    }
}
