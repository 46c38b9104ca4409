package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.ShippedSearch;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchFilesTest {
    @TempDir
    private Path parent;

    private Path folder;

    @BeforeEach
    void start() {
        folder = parent.resolve("search");
    }

    @Test
    void get_whereThereNeverWasAFolder_isWhatIsShipped() throws Exception {
        SearchFiles files = new SearchFiles(folder);
        assertThat(files.get()).isEqualTo(ShippedSearch.files());

        Files.createDirectory(folder);
        assertThat(files.get()).isEqualTo(ShippedSearch.files());
    }

    @Test
    void get_filesInOrder_withoutWhatEditorsKeep() throws Exception {
        Files.createDirectory(folder);
        for (String name : new String[] {"b.json", "a.yaml", ".a.yaml", "a.yaml.bak"}) {
            Files.writeString(folder.resolve(name), name);
        }

        assertThat(new SearchFiles(folder).get())
                .extracting(ConfigurationText::text)
                .containsExactly("a.yaml", "b.json");
    }

    /** Nobody has the shipped ones in force because a folder is replaced. */
    @Test
    void get_whileTheFolderIsGone_isRefused() throws Exception {
        Files.createDirectory(folder);
        Path file = Files.writeString(folder.resolve("a.yaml"), "a");
        SearchFiles files = new SearchFiles(folder);

        Files.delete(file);
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(files::get)
                .withMessageContaining("has none now");
        Files.delete(folder);
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(files::get)
                .withMessageContaining("is none now");

        Files.createDirectory(folder);
        Files.writeString(file, "a");
        assertThat(files.get()).extracting(ConfigurationText::text).containsExactly("a");
    }

    @Test
    void get_emptyFolderFromTheStart_isEmpty() throws Exception {
        Files.createDirectory(folder);

        assertThat(new SearchFiles(folder).get()).isEmpty();
    }

    @Test
    void get_whatIsNoText_namesTheFile() throws Exception {
        Files.createDirectory(folder);
        Files.write(folder.resolve("a.yaml"), "é".getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(new SearchFiles(folder)::get)
                .withMessageEndingWith("a.yaml: is not UTF-8");
    }
}
