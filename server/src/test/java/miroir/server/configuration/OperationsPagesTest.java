package miroir.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that say which key to change name keys that there are. */
final class OperationsPagesTest {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Pattern NAMED = Pattern.compile(
            "`((?:listen|access|audit|database|fhir|search|history|export|integrity|validation|alerts|subscriptions|tracing|limits|daemon)\\.[A-Za-z.]+)`");

    /** Collections, and cookies: what some class names so and is no metric, no beginning of a token and no name of ours elsewhere. */
    private static final Pattern STORED = Pattern.compile("\"(miroir_[a-z]+(?:_[a-z]+)*)_?\"");

    private static final Set<String> NOT_STORED = Set.of("miroir_request", "miroir_setup", "miroir_local");

    @Test
    void dataProtection_namesWhateverIsStored() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/operations/data-protection.md"));
        for (String module : List.of("storage-mongo", "server", "sync-annuaire")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    assertThat(STORED.matcher(Files.readString(file)).results().map(name -> name.group(1)))
                            .as(file.toString())
                            .allMatch(name -> NOT_STORED.contains(name)
                                    || name.matches("miroir_(sync|sql)_.*")
                                    || page.contains("`" + name));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"incidents.md", "tuning.md", "sizing.md", "sharding.md", "data-protection.md"})
    void page_namesKeysThatThereAre(String page) throws IOException {
        Set<String> known = NAMED.matcher(
                        Files.readString(ROOT.resolve("conf/README.md")).replace("[].", "."))
                .results()
                .map(key -> key.group(1))
                .collect(Collectors.toSet());

        assertThat(NAMED.matcher(
                                Files.readString(ROOT.resolve("docs/operations").resolve(page)))
                        .results()
                        .map(key -> key.group(1))
                        .collect(Collectors.toSet()))
                .isSubsetOf(known);
    }
}
