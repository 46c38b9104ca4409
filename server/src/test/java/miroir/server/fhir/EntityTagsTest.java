package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import miroir.index.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    private static EntityTags of(String... lines) {
        return EntityTags.of("If-Match", List.of(lines));
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"1\"", "\"1\"", "1", "W/\"7\",W/\"1\"", "\"a,b\" , \"1\""})
    void of_ETags_namesEachByWhatIsBetweenItsQuotes(String line) {
        EntityTags tags = of(line);

        assertThat(tags.any()).isFalse();
        assertThat(tags.name("1")).isTrue();
        assertThat(tags.name("2")).isFalse();
        assertThat(tags.versions()).contains(1L);
    }

    @Test
    void of_severalLines_isOneList() {
        assertThat(of("W/\"1\"", "W/\"2\", \"x\"").opaque()).containsExactlyInAnyOrder("1", "2", "x");
        assertThat(of("W/\"1\"", "W/\"2\", \"x\"").versions()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void of_aStar_namesEverything() {
        assertThat(of(" * ").name("anything")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nonsense        | nonsense
            "1              | "1
            1"              | 1"
            W/1             | W/1
            w/"1"           | w/"1"
            "1" "2"         | "1" "2"
            "1" x, "2"      | "1" x
            "1", *          | *
            ,               | is not an ETag
            ``              | is not an ETag
            """)
    void of_whatIsNoETag_isRefusedByName(String line, String named) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> of(line))
                .withMessageContainingAll("If-Match: ", named, "allowed: ETags");
    }
}
