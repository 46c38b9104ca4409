package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThemeTest {
    @TempDir
    private Path folder;

    private Theme read() throws IOException {
        return Theme.read(folder);
    }

    @Test
    void folder_thatIsNotThereOrEmpty_isOurs() throws IOException {
        for (Theme theme : new Theme[] {Theme.read(folder.resolve("none")), read()}) {
            assertThat(theme.style()).isEmpty();
            assertThat(theme.logo()).isEqualTo("miroir.svg");
        }
    }

    @Test
    void files_ofATheme_areNamedWithWhatTheyAre() throws IOException {
        Files.writeString(folder.resolve("theme.css"), ":root { --accent: #123456; }");
        Files.writeString(folder.resolve("logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
        Files.writeString(folder.resolve(".hidden"), "anything");
        String before = Assets.path("theme.css", read());
        Files.writeString(folder.resolve("theme.css"), ":root { --accent: #654321; }");

        assertThat(before)
                .matches("/assets/theme\\.css\\?v=[0-9a-f]{12}")
                .isNotEqualTo(Assets.path("theme.css", read()));
        assertThat(read().logo()).isEqualTo("logo.svg");
        assertThat(read().style()).hasValue("theme.css");
    }

    @ParameterizedTest
    @CsvSource({
        "other.css, x, is no part of a theme",
        "miroir.css, x, is no part of a theme",
        "logo.png, <svg>, is not what its name says",
        "logo.svg, nothing, is not what its name says",
    })
    void file_thatIsNone_stopsTheStart(String name, String content, String reason) throws IOException {
        Files.writeString(folder.resolve(name), content);

        assertThatThrownBy(this::read)
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
    }

    @Test
    void file_thatIsTooLarge_orTwoLogos_orAFolder_stopsTheStart() throws IOException {
        Files.write(folder.resolve("theme.css"), new byte[(256 << 10) + 1]);
        assertThatThrownBy(this::read).hasMessageContaining("allowed are 262144");
        Files.delete(folder.resolve("theme.css"));

        Files.writeString(folder.resolve("logo.svg"), "<svg/>");
        Files.write(folder.resolve("logo.png"), "\u0089PNG\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(this::read).hasMessageContaining("two logos");
        Files.delete(folder.resolve("logo.svg"));
        assertThat(read().logoType()).isEqualTo("image/png");

        Files.createDirectory(folder.resolve("theme.css"));
        assertThatThrownBy(this::read).hasMessageContaining("is no part of a theme");
    }

    @Test
    void properties_ofOurStylesheet_areDocumented() throws IOException {
        Path root = Path.of(System.getProperty("miroir.root"));
        String css =
                Files.readString(root.resolve("server/src/main/resources/miroir/server/console/assets/miroir.css"));
        String document = Files.readString(root.resolve("docs/operations/console.md"));
        Set<String> properties = Pattern.compile("(?m)^ +(--[a-z-]+):")
                .matcher(css)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(properties)
                .hasSizeGreaterThan(10)
                .allSatisfy(each -> assertThat(document).contains("`" + each + "`"));
    }
}
