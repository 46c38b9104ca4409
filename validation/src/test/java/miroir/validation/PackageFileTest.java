package miroir.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageFileTest {
    private final Path folder;

    PackageFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void read_aPackage_handsOverWhatLooksLikeJson() throws Exception {
        String large = "{\"a\":\"" + "x".repeat(5_000) + "\"}";
        Path file = TestPackage.write(
                folder.resolve("p.tgz"),
                Map.of(
                        "package/a.json",
                        "{}",
                        "package/large.json",
                        large,
                        "package/readme.md",
                        "# no",
                        "package/none",
                        ""));

        assertThat(contents(file)).containsExactlyInAnyOrder("{}", large);
    }

    @Test
    void read_whatIsNoPackage_isRefused() throws Exception {
        Path text = Files.writeString(folder.resolve("text.tgz"), "hello");
        Path cut = Files.write(
                folder.resolve("cut.tgz"),
                Arrays.copyOf(Files.readAllBytes(TestPackage.write(folder.resolve("whole.tgz"))), 300));

        for (Path file : List.of(text, cut, folder.resolve("none.tgz"))) {
            assertThatThrownBy(() -> contents(file))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining(file.getFileName().toString());
        }
    }

    private static List<String> contents(Path file) {
        List<String> contents = new ArrayList<>();
        PackageFile.read(file, json -> contents.add(new String(json, StandardCharsets.UTF_8)));
        return contents;
    }
}
