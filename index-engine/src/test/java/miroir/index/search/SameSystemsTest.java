package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SameSystemsTest {
    private final SameSystems systems = SameSystems.of(
            List.of("http://rpps.fr = https://rpps.esante.gouv.fr", "urn:rpps = https://rpps.esante.gouv.fr"));

    @Test
    void of_anyName_areAllNames() {
        List<String> all = List.of("https://rpps.esante.gouv.fr", "http://rpps.fr", "urn:rpps");

        assertThat(systems.of("http://rpps.fr")).isEqualTo(all);
        assertThat(systems.of("https://rpps.esante.gouv.fr")).isEqualTo(all);
        assertThat(systems.of("urn:other")).containsExactly("urn:other");
        assertThat(systems.current("urn:rpps")).isEqualTo("https://rpps.esante.gouv.fr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://rpps.fr", "a = b = c", " = b", "a = "})
    void of_whatIsNone_isRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SameSystems.of(List.of(line)))
                .withMessageContaining(line);
    }

    @Test
    void of_anAliasOfAnAlias_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SameSystems.of(List.of("a = b", "b = c")));
        assertThatIllegalArgumentException().isThrownBy(() -> SameSystems.of(List.of("b = c", "a = b")));
    }
}
