package miroir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What nobody runs here: files for engines and orchestrators. What they name has to be there. */
@Tag("source")
final class DeploymentFilesTest {
    private static final Path ROOT = CompiledModules.ROOT;
    private static final Pattern READ = Pattern.compile("\\$\\{([A-Z_]+)");
    private static final Pattern COMMAND = Pattern.compile("^ {4}([a-z]+)\\)", Pattern.MULTILINE);
    private static final Pattern VARIABLE = Pattern.compile("\\b((?:MIROIR|MONGODB|ANNUAIRE)_[A-Z_]+)");

    /** What programs read beside their configuration. */
    private static final Set<String> OTHERS = Set.of(
            "ANNUAIRE_API_KEY",
            "MIROIR_CONF",
            "MIROIR_CONFIG",
            "MIROIR_JAVA_OPTS",
            "MIROIR_LOG_DIR",
            "MIROIR_LOG_NAME",
            "MIROIR_SEARCH_CONF",
            "MIROIR_SQL_FOLDER",
            "MIROIR_SYNC_CONFIG");

    private static String text(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }

    private static List<Object> documents(String path) throws IOException {
        Iterable<Object> all = new Load(LoadSettings.builder().setLabel(path).build()).loadAllFromString(text(path));
        return StreamSupport.stream(all.spliterator(), false).toList();
    }

    /** Each scalar in it, and each key. */
    private static Stream<String> words(Object node) {
        if (node instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .flatMap(entry -> Stream.concat(words(entry.getKey()), words(entry.getValue())));
        }
        return node instanceof List<?> list
                ? list.stream().flatMap(DeploymentFilesTest::words)
                : Stream.of(String.valueOf(node));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> known() throws IOException {
        Set<String> known = new HashSet<>(OTHERS);
        for (String file : List.of("conf/server.yaml", "conf/sync.yaml", "scripts/demo.yaml")) {
            known.addAll(found(READ, text(file)));
        }
        return known;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose.yaml",
                "compose.demo.yaml",
                "deploy/kubernetes/server.yaml",
                "deploy/kubernetes/sync.yaml",
                "deploy/kubernetes/store.yaml",
                "Dockerfile",
                "image/miroir",
                "docs/operations/miroir-server.service",
                "docs/operations/miroir-sync.service",
                "docs/operations/war.md"
            })
    void variables_areThoseThatSomethingReads(String file) throws IOException {
        assertThat(known()).containsAll(found(VARIABLE, text(file)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose.yaml",
                "deploy/kubernetes/server.yaml",
                "deploy/kubernetes/sync.yaml",
                "deploy/kubernetes/store.yaml",
                ".github/workflows/test.yaml",
                ".github/workflows/release.yaml"
            })
    void files_areYaml_andNameNoSecret(String file) throws IOException {
        assertThat(documents(file))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).isInstanceOf(Map.class));
        assertThat(documents(file).stream().flatMap(DeploymentFilesTest::words))
                .noneMatch(word -> word.matches("mongodb://[^/]*:[^/]*@.*"));
    }

    @Test
    void commands_areThoseOfTheImage() throws IOException {
        Set<String> commands = found(COMMAND, text("image/miroir"));
        assertThat(commands).contains("server", "sync", "simulate", "health");
        Object compose = documents("compose.yaml").get(0);
        for (Object name : map(compose, "services").keySet()) {
            Map<?, ?> service = map(compose, "services", String.valueOf(name));
            if ("miroir".equals(service.get("image"))) {
                assertThat(commands).as("of %s", name).contains(first(service, "command"));
            }
        }
        for (String file : List.of("deploy/kubernetes/server.yaml", "deploy/kubernetes/sync.yaml")) {
            Map<?, ?> pod = map(documents(file).get(0), "spec", "template", "spec");
            Map<?, ?> container = (Map<?, ?>) list(pod, "containers").get(0);
            assertThat(commands).as(file).contains(first(container, "args"));
        }
    }

    private static String first(Map<?, ?> from, String key) {
        return String.valueOf(list(from, key).get(0));
    }

    private static List<?> list(Map<?, ?> from, String key) {
        return (List<?>) Objects.requireNonNull(from.get(key), key);
    }

    private static Map<?, ?> map(Object node, String... keys) {
        Object found = node;
        for (String key : keys) {
            found = Objects.requireNonNull(((Map<?, ?>) found).get(key), key);
        }
        return (Map<?, ?>) found;
    }

    /** A pod gets the longest time that a server may take, as its configuration is shipped. */
    @Test
    void probes_askForWhatIsThere_andStopsWaitForTheServer() throws IOException {
        String server = text("deploy/kubernetes/server.yaml");
        assertThat(found(Pattern.compile("path: (/[a-z/]+)"), server)).containsExactly("/health/live", "/health/ready");
        Map<?, ?> pod = map(documents("deploy/kubernetes/server.yaml").get(0), "spec", "template", "spec");
        int drain = Integer.parseInt(found(Pattern.compile("MIROIR_DRAIN, value: (\\d+)s"), server)
                .iterator()
                .next());
        assertThat(drain).isPositive();
        assertThat((Integer) pod.get("terminationGracePeriodSeconds")).isGreaterThan(drain + seconds("stop"));
        assertThat(text("docs/operations/miroir-server.service"))
                .contains("TimeoutStopSec=" + pod.get("terminationGracePeriodSeconds"));
    }

    private static int seconds(String key) throws IOException {
        MatchResult found = Pattern.compile("^  " + key + ": (\\d+)s$", Pattern.MULTILINE)
                .matcher(text("conf/server.yaml"))
                .results()
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(found.group(1));
    }

    /** The Dockerfile makes what the tested script makes, and adds nothing to run. */
    @Test
    void dockerfile_buildsByTheTestedScript_andRunsItsEntry() throws IOException {
        assertThat(text("Dockerfile"))
                .contains("image/assemble /opt/miroir", "ENTRYPOINT [\"/opt/miroir/bin/miroir\"]", "USER 10001");
        assertThat(ROOT.resolve("image/assemble")).isExecutable();
        assertThat(ROOT.resolve("image/miroir")).isExecutable();
    }
}
