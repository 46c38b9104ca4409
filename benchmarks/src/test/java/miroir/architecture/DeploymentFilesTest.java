package miroir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What nobody runs here: files for engines and orchestrators. What they name has to be there. */
@Tag("source")
final class DeploymentFilesTest {
    private static final Path ROOT = CompiledModules.ROOT;
    private static final Pattern READ = Pattern.compile("\\$\\{([A-Z_]+)");
    private static final Pattern RESET = Pattern.compile(" !reset (?:null|(\\[]))");
    private static final Pattern MAIN = Pattern.compile("\\b(miroir\\.[a-z.]*[A-Z]\\w*Main)\\b");
    private static final Pattern CLASS_PATH = Pattern.compile("([a-z-]+)/target/app/\\*");
    private static final String ENTRY = "/opt/miroir/bin/miroir";
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
        return parsed(path, text(path));
    }

    /** A tag such as {@code !reset} takes what another file has away, and says nothing itself. */
    private static List<Object> parsed(String label, String text) {
        Iterable<Object> all = new Load(LoadSettings.builder().setLabel(label).build())
                .loadAllFromString(RESET.matcher(text).replaceAll(found -> found.group(1) == null ? " {}" : " []"));
        return StreamSupport.stream(all.spliterator(), false).toList();
    }

    private static Map<?, ?> allowed(String kind) throws IOException {
        return map(
                documents("benchmarks/src/test/resources/miroir/architecture/deployment-keys.yaml")
                        .get(0),
                kind);
    }

    /** What a file says that nobody would understand. */
    private static List<String> strangers(String path, List<Object> documents) throws IOException {
        List<String> strangers = new ArrayList<>();
        for (Object each : documents) {
            strangers.addAll(AllowedKeys.strangers(each, allowed(path, each)));
        }
        return strangers;
    }

    private static Object allowed(String path, Object document) throws IOException {
        if (path.startsWith("deploy/kubernetes/")) {
            return map(allowed("kubernetes"), String.valueOf(map(document).get("kind")));
        }
        return allowed(path.startsWith("compose") ? "compose" : "workflow");
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
                "compose.demo.yaml",
                "deploy/kubernetes/server.yaml",
                "deploy/kubernetes/sync.yaml",
                "deploy/kubernetes/store.yaml",
                ".github/workflows/test.yaml",
                ".github/workflows/release.yaml"
            })
    void files_sayWhatTheirReadersKnow_andNameNoSecret(String file) throws IOException {
        assertThat(documents(file))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).isInstanceOf(Map.class));
        assertThat(strangers(file, documents(file))).isEmpty();
        assertThat(documents(file).stream().flatMap(DeploymentFilesTest::words))
                .noneMatch(word -> word.matches("mongodb://[^/]*:[^/]*@.*"));
    }

    @ParameterizedTest
    @CsvSource({
        "deploy/kubernetes/sync.yaml, livenessProbe:, livenessProb:",
        "deploy/kubernetes/server.yaml, periodSeconds: 10, periodSeconds: 10s",
        "deploy/kubernetes/server.yaml, value: 10s, value: 10",
        "deploy/kubernetes/server.yaml, minAvailable, minAvailible",
        "compose.yaml, start_period, startPeriod",
        "compose.demo.yaml, cap_drop, capDrop",
        "compose.yaml, unless-stopped, unless-stoped",
        "compose.yaml, service_healthy, service_helthy",
        "compose.yaml, [ALL], [AL]",
        "deploy/kubernetes/server.yaml, apps/v1, app/v1",
        "deploy/kubernetes/server.yaml, ScheduleAnyway, ScheduleAnyways",
        "deploy/kubernetes/server.yaml, RuntimeDefault, RuntimeDefualt",
        "deploy/kubernetes/sync.yaml, selector:, #",
        "deploy/kubernetes/sync.yaml, image:, #",
        ".github/workflows/test.yaml, runs-on, run-on"
    })
    void files_withAMistake_areFound(String file, String right, String wrong) throws IOException {
        assertThat(text(file)).contains(right);
        assertThat(strangers(file, parsed(file, text(file).replace(right, wrong))))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/operations/miroir-server.service", "docs/operations/miroir-sync.service"})
    void units_sayWhatSystemdKnows_andStartWhatThereIs(String file) throws IOException {
        String section = "";
        for (String line : text(file).lines().toList()) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                assertThat(strangersOfUnit(section, line)).isEmpty();
            }
        }
        assertThat(found(CLASS_PATH, text(file)))
                .isNotEmpty()
                .allSatisfy(module ->
                        assertThat(ROOT.resolve(module).resolve("pom.xml")).exists());
        assertMainsAreThere(file);
    }

    private static List<String> strangersOfUnit(String section, String line) throws IOException {
        int equals = line.indexOf('=');
        Map<String, String> said = Map.of(line.substring(0, equals), line.substring(equals + 1));
        return AllowedKeys.strangers(said, map(allowed("unit"), section));
    }

    @ParameterizedTest
    @CsvSource({
        "Service, Restart=allways",
        "Service, Restarts=always",
        "Service, ProtectSystem=yess",
        "Install, WantedBy=multi-user.targt"
    })
    void units_withAMistake_areFound(String section, String line) throws IOException {
        assertThat(strangersOfUnit(section, line)).isNotEmpty();
    }

    /** Programs are named by their classes, which nothing else compares with them. */
    private static void assertMainsAreThere(String file) throws IOException {
        assertThat(found(MAIN, text(file)))
                .as(file)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(CompiledModules.sourceFolders("main"))
                        .anyMatch(folder -> Files.exists(folder.resolve(name.replace('.', '/') + ".java"))));
    }

    @Test
    void commands_areThoseOfTheImage() throws IOException {
        Set<String> commands = found(COMMAND, text("image/miroir"));
        assertThat(commands).contains("server", "sync", "simulate", "health");
        assertMainsAreThere("image/miroir");
        for (String file : List.of("compose.yaml", "compose.demo.yaml")) {
            Map<?, ?> services = map(documents(file).get(0), "services");
            for (Object name : services.keySet()) {
                Map<?, ?> service = map(services, String.valueOf(name));
                if ("miroir".equals(service.get("image"))) {
                    assertThat(commands).as("of %s", name).contains(first(service, "command"));
                }
            }
        }
        for (String file : List.of("deploy/kubernetes/server.yaml", "deploy/kubernetes/sync.yaml")) {
            assertThat(commands).as(file).contains(first(container(file), "args"));
        }
    }

    private static Map<?, ?> pod(String file) throws IOException {
        return map(documents(file).get(0), "spec", "template", "spec");
    }

    private static Map<?, ?> container(String file) throws IOException {
        return (Map<?, ?>) list(pod(file), "containers").get(0);
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

    /** Paths are those that the pages are served at, and the port is the one that the image says and the server has. */
    @Test
    void probesOfTheServer_askForWhatIsThere() throws IOException {
        String file = "deploy/kubernetes/server.yaml";
        assertThat(found(Pattern.compile("path: (/[a-z/]+)"), text(file)))
                .containsExactly("/health/live", "/health/ready");
        assertThat(text("server/src/main/java/miroir/server/pages/HealthPage.java"))
                .contains("case \"/live\"", "case \"/ready\"");
        Map<?, ?> port = (Map<?, ?>) list(container(file), "ports").get(0);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(map(container(file), probe, "httpGet").get("port")).isEqualTo(port.get("name"));
        }
        Map<?, ?> service =
                (Map<?, ?>) list(map(documents(file).get(1), "spec"), "ports").get(0);
        assertThat(service.get("targetPort")).isEqualTo(port.get("name"));
        assertThat(text("conf/server.yaml")).contains("port: ${MIROIR_PORT:" + port.get("containerPort") + "}");
        assertThat(text("Dockerfile"))
                .contains("MIROIR_PORT=" + port.get("containerPort"), "EXPOSE " + port.get("containerPort"));
    }

    /** By the program of the image, which asks for what the daemon serves where the daemon serves it. */
    @Test
    void probesOfTheDaemon_askForWhatIsThere() throws IOException {
        List<String> asks = List.of(ENTRY, "health", "sync");
        Map<?, ?> container = container("deploy/kubernetes/sync.yaml");
        assertThat(list(map(container, "startupProbe", "exec"), "command")).isEqualTo(asks);
        assertThat(list(map(container, "livenessProbe", "exec"), "command")).isEqualTo(asks);
        List<?> health = list(map(documents("compose.yaml").get(0), "services", "sync", "healthcheck"), "test");
        assertThat(health.subList(1, health.size())).isEqualTo(asks);
        assertThat(text("image/miroir")).contains("GET /health/live ", "${MIROIR_SYNC_METRICS_PORT:-8081}");
        assertThat(text("conf/sync.yaml")).contains("metricsPort: ${MIROIR_SYNC_METRICS_PORT:8081}");
        assertThat(text("sync-annuaire/src/main/java/miroir/sync/daemon/MetricsPage.java"))
                .contains("createContext(\"/health/live\"");
    }

    /** What the engine waits for an answer is longer than what the program waits itself, so that it says why. */
    @Test
    void probesOfTheDaemon_waitForTheirProgram() throws IOException {
        int waits = Integer.parseInt(found(Pattern.compile("read -r -t (\\d+)"), text("image/miroir"))
                .iterator()
                .next());
        Map<?, ?> container = container("deploy/kubernetes/sync.yaml");
        assertThat((Integer) map(container, "livenessProbe").get("timeoutSeconds"))
                .isGreaterThan(waits);
        assertThat((Integer) map(container, "startupProbe").get("timeoutSeconds"))
                .isGreaterThan(waits);
    }

    /** Two of each, on two nodes where there are two, of which one stays while nodes are emptied; all are found by one label. */
    @ParameterizedTest
    @ValueSource(strings = {"deploy/kubernetes/server.yaml", "deploy/kubernetes/sync.yaml"})
    void deployments_areSpreadAndHaveABudget(String file) throws IOException {
        List<Object> documents = documents(file);
        Map<?, ?> deployment = map(documents.get(0));
        Map<?, ?> labels = map(deployment, "spec", "selector", "matchLabels");
        assertThat(map(deployment, "spec").get("replicas")).isEqualTo(2);
        assertThat(map(deployment, "spec", "template", "metadata").get("labels"))
                .isEqualTo(labels);
        Object spread = list(pod(file), "topologySpreadConstraints").get(0);
        assertThat(map(spread, "labelSelector", "matchLabels")).isEqualTo(labels);
        Map<?, ?> budget = map(documents.get(documents.size() - 1));
        assertThat(budget.get("kind")).isEqualTo("PodDisruptionBudget");
        assertThat(map(budget, "spec").get("minAvailable")).isEqualTo(1);
        assertThat(map(budget, "spec", "selector", "matchLabels")).isEqualTo(labels);
    }

    /** A pod gets the longest time that a server may take, as its configuration is shipped. */
    @Test
    void stops_waitForTheServer() throws IOException {
        String server = text("deploy/kubernetes/server.yaml");
        Map<?, ?> pod = pod("deploy/kubernetes/server.yaml");
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
                .contains("image/assemble /opt/miroir", "ENTRYPOINT [\"" + ENTRY + "\"]", "USER 10001");
        assertThat(ROOT.resolve("image/assemble")).isExecutable();
        assertThat(ROOT.resolve("image/miroir")).isExecutable();
    }
}
