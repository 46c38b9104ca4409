package miroir.storage.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredViewsTest {
    private static final String VIEW = """
            {"resourceType": "ViewDefinition", "id": "a", "url": "http://x/a", "version": "1", "resource": "Practitioner",
             "select": [{"column": [{"name": "id", "path": "id"}]}]}""";

    @TempDir
    private Path folder;

    private StoredViews read(String json) throws IOException {
        Files.writeString(folder.resolve("a.json"), json);
        return StoredViews.read(folder, Set.of(), Set.of("Practitioner"));
    }

    @Test
    void read_folderThatIsNotThere_hasNone() throws IOException {
        assertThat(StoredViews.read(folder.resolve("none"), Set.of(), Set.of()).all())
                .isEmpty();
    }

    @Test
    void read_viewsOfTypesThatAreNotServed_areNotThere() throws IOException {
        assertThat(read(VIEW.replace("Practitioner", "Patient")).all()).isEmpty();
    }

    @Test
    void resolve_whatLeadsThere_isTheView() throws IOException {
        StoredViews views = read(VIEW);
        for (String reference :
                Set.of("ViewDefinition/a", "http://own/fhir/ViewDefinition/a", "http://x/a", "http://x/a|1")) {
            assertThat(views.resolve(reference, "http://own/fhir").id()).isEqualTo("a");
        }
        for (String reference : Set.of("http://else/fhir/ViewDefinition/a", "http://x/a|2", "http://x/a|")) {
            assertThatThrownBy(() -> views.resolve(reference, "http://own/fhir"))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("leads to no view of this server");
        }
    }

    @Test
    void read_twoOfOneUrl_areRefused() throws IOException {
        Files.writeString(folder.resolve("b.json"), VIEW.replace("\"id\": \"a\"", "\"id\": \"b\""));
        assertThatThrownBy(() -> read(VIEW))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("b.json: url: http://x/a is that of a.json, too");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"path\": \"id\" | \"path\": \"idd\" | a.json:2: select[0].column[0].path: at character 1 of \"idd\": idd is not an element of Practitioner",
                "\"id\": \"a\" | \"id\": \"b\" | a.json:1: id: \"b\" is not what the file is called",
                "\"id\": \"a\", | ^^ | the key \"id\" is missing",
                "\"resourceType\": \"ViewDefinition\", | ^^ | the key \"resourceType\" is missing",
                "\"version\": \"1\" | \"versoin\": \"1\" | versoin: unknown key; did you mean \"version\"?",
                "\"select\" | \"version\": \"2\", \"select\" | not JSON: Duplicate"
            })
    void read_whatCannotBeUsed_saysWhere(String part, String other, String reason) {
        assertThatThrownBy(() -> read(VIEW.replace(part, other)))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(reason);
    }

    @Test
    void read_whatIsNoText_isRefused() throws IOException {
        Files.write(folder.resolve("a.json"), new byte[] {'{', (byte) 0xFF, '}'});
        assertThatThrownBy(() -> StoredViews.read(folder, Set.of(), Set.of()))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("is not in UTF-8");
    }
}
