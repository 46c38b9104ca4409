package miroir.index.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.junit.jupiter.api.Test;

final class SharedFieldsTest {
    @Test
    void phoneticOfPeople_isInTheFieldsOfTheirName() {
        assertThat(field("Practitioner", "phonetic", "")).isEqualTo("t_name");
        assertThat(field("Patient", "phonetic", "")).isEqualTo("t_name");
    }

    @Test
    void phoneticOfOrganizations_readsNoAliasAndHasItsOwn() {
        assertThat(field("Organization", "phonetic", "")).isEqualTo("t_phonetic");
    }

    @Test
    void nameReadsSomethingElse_phoneticHasItsOwn() {
        String suffixes = declared("name", "searchType: string", "resourcePaths: [name.suffix]");

        assertThat(field("Practitioner", "phonetic", suffixes)).isEqualTo("t_phonetic");
        assertThat(field("Practitioner", "name", suffixes)).isEqualTo("t_name");
    }

    @Test
    void fieldsThatTheOperatorNamed_stay() {
        String own = declared("phonetic", "searchType: string", "resourcePaths: [name]", "indexName: sound");

        assertThat(field("Practitioner", "phonetic", own)).isEqualTo("t_sound");
    }

    @Test
    void fieldsThatTheOperatorNamedAlike_areSharedWhereTheContentIsTheSame() {
        String own = declared("called", "searchType: string", "resourcePaths: [name]", "indexName: name");

        assertThat(field("Practitioner", "called", own)).isEqualTo("t_name");
    }

    @Test
    void timeOfTheVersion_isSharedWithNobody() {
        String own = declared("changed", "searchType: date", "resourcePaths: [meta.lastUpdated]");
        String named =
                declared("changed", "searchType: date", "resourcePaths: [meta.lastUpdated]", "indexName: lastupdated");

        assertThat(field("Practitioner", "changed", own)).isEqualTo("t_changed");
        assertThatThrownBy(() -> field("Practitioner", "changed", named)).hasMessageContaining("t_lastupdated");
    }

    private static String declared(String name, String... lines) {
        return "resources:\n  - name: Practitioner\n    searchParams:\n      - name: " + name + "\n        "
                + String.join("\n        ", lines) + "\n";
    }

    private static String field(String type, String code, String file) {
        List<ConfigurationText> files = file.isEmpty() ? List.of() : List.of(new ConfigurationText("own.yaml", file));
        SearchParameterRegistry registry = RegistryLoader.load(Set.of(type), files);
        SearchParameter parameter = requireNonNull(registry.find(type, code));
        return parameter.field("");
    }
}
