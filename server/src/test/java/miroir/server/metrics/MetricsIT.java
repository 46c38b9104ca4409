package miroir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.yaml.YamlNode;
import miroir.server.TestServer;
import miroir.server.tls.TestCertificate;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has all metrics there are; and its page, dashboard and rules, which use no others. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetricsIT {
    private static final Path DOCS = Path.of(System.getProperty("miroir.root"), "docs", "operations");

    /** What Prometheus itself adds to what it reads. */
    private static final Set<String> BY_PROMETHEUS = Set.of("instance", "job");

    /** Told by a process of its own. */
    private static final String OF_COPIES = "miroir_sql_";

    /** Without labels of their own. */
    private static final Set<String> OF_DAEMON = Set.of("miroir_sync_goes_on", "miroir_sync_start_time_seconds");

    private static final Pattern LISTED = Pattern.compile("\\| `([a-z_0-9]+)` \\| ([a-z, ]*) ?\\| (.+) \\|");
    private static final Pattern NAMED = Pattern.compile("\\bmiroir_[a-z_0-9]*[a-z0-9]\\b");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    private static final Pattern IN_ANNOTATION = Pattern.compile("\\$labels\\.(\\w+)");

    @TempDir
    private static Path folder;

    private HttpClient client;
    private TestServer server;
    private Scrape scrape;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        TestCertificate certificate = TestCertificate.make("EC", 30);
        certificate.write(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        KnownSynchronisations.write(database);
        server = TestServer.subscribing(
                "listen: {port: 0, trustedProxies: 127.0.0.1, tls: {certificate: '" + folder.resolve("certificate.pem")
                        + "', key: '" + folder.resolve("key.pem")
                        + "'}}\naccess: {mode: open, openBeyondLoopback: true}\nlimits: {addressRate: 1}\n",
                database,
                Set.of("Practitioner", "Organization", "Device", "Subscription"));
        client = HttpClient.newBuilder().sslContext(certificate.trusted()).build();
        write("/fhir/Device/d1", "{\"resourceType\":\"Device\",\"id\":\"d1\"}");
        get("/fhir/Device/d1");
        get("/fhir/Device?_id=d1");
        get("/fhir/Device/none");
        for (int i = 0; i < 30; i++) {
            get("/fhir/Device/d1", "X-Forwarded-For", "192.0.2.1");
        }
        // What is asked of the database is waited for no longer than a second.
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            Scrape first = scrape();
            return first.value("miroir_synchronisation_known") == 1
                    && first.value("miroir_ready") == 1
                    && first.value("miroir_search_parameters_pending") == 0;
        });
        scrape = scrape();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return client.send(request(path, headers).build(), BodyHandlers.ofString());
    }

    private void write(String path, String json) throws Exception {
        HttpRequest request = request(
                        path, "Authorization", "Bearer " + TestServer.TOKEN, "Content-Type", "application/fhir+json")
                .PUT(BodyPublishers.ofString(json))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    private Scrape scrape() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        return Scrape.of(answer.body());
    }

    // --- what it says

    @Test
    void steps_ofARead_areCountedAndAddUp() throws Exception {
        double before = scrape.value("miroir_request_seconds_sum{interaction=\"read\"}");
        for (String step : List.of("pipeline", "hapi", "parse", "store", "write", "rest")) {
            assertThat(scrape.value(steps("count", step))).as(step).isGreaterThanOrEqualTo(1);
        }
        double sum = Stream.of("pipeline", "hapi", "parse", "store", "write", "rest")
                .mapToDouble(step -> scrape.value(steps("sum", step)))
                .sum();
        assertThat(sum).isCloseTo(before, within(before * 0.05));
    }

    private static String steps(String what, String step) {
        return "miroir_request_step_seconds_" + what + "{interaction=\"read\",step=\"" + step + "\"}";
    }

    @Test
    void database_thatIsReady_saysSo_withItsConnections() {
        assertThat(scrape.value("miroir_ready")).isEqualTo(1);
        assertThat(scrape.value("miroir_database_connections_open{pool=\"requests\"}"))
                .isBetween(1.0, 100.0);
        assertThat(scrape.value("miroir_database_connections_most{pool=\"requests\"}"))
                .isEqualTo(100);
        assertThat(scrape.value("miroir_database_connections_waiting{pool=\"requests\"}"))
                .isEqualTo(0);
    }

    @Test
    void synchronisation_thatRuns_saysHowFarItIs() {
        String labels = "{part=\"\",source=\"up\",type=\"Organization\"}";
        assertThat(scrape.value("miroir_synchronisation_led")).isEqualTo(1);
        assertThat(scrape.value("miroir_synchronisation_known")).isEqualTo(1);
        assertThat(scrape.value("miroir_synchronisation_running" + labels)).isEqualTo(1);
        assertThat(scrape.value("miroir_synchronisation_progress_done" + labels))
                .isEqualTo(600);
        assertThat(scrape.value("miroir_synchronisation_progress_all" + labels)).isEqualTo(1000);
        assertThat(scrape.value("miroir_synchronisation_late" + labels)).isEqualTo(0);
        assertThat(scrape.value("miroir_synchronisation_success_age_seconds" + labels))
                .isBetween(3600.0, 4200.0);
    }

    @Test
    void synchronisation_thatFailed_saysSo_andWhatItRejected() {
        String labels = "{part=\"\",source=\"up\",type=\"Device\"}";
        assertThat(scrape.value("miroir_synchronisation_state{part=\"\",source=\"up\",state=\"ko\",type=\"Device\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("miroir_synchronisation_state{part=\"\",source=\"up\",state=\"ok\",type=\"Device\"}"))
                .isEqualTo(0);
        assertThat(scrape.value("miroir_synchronisation_late" + labels)).isEqualTo(1);
        assertThat(scrape.value("miroir_synchronisation_rejected" + labels)).isEqualTo(7);
        assertThat(scrape.value(
                        "miroir_synchronisation_runs{outcome=\"failed\",part=\"\",source=\"up\",type=\"Device\"}"))
                .isEqualTo(1);
    }

    @Test
    void synchronisation_thatNeverRan_hasNoAge() {
        String labels = "{part=\"doctors\",source=\"up\",type=\"Practitioner\"}";
        assertThat(scrape.value("miroir_synchronisation_running" + labels)).isEqualTo(0);
        assertThat(scrape.values())
                .doesNotContainKeys(
                        "miroir_synchronisation_copy_age_seconds" + labels,
                        "miroir_synchronisation_success_age_seconds" + labels,
                        "miroir_synchronisation_progress_all" + labels);
    }

    // --- what is said of it

    @Test
    void page_namesAllMetricsWithTheirLabels_andNoOthers() throws Exception {
        Map<String, Set<String>> listed = new TreeMap<>();
        for (String line : Files.readAllLines(DOCS.resolve("metrics.md"))) {
            Matcher row = LISTED.matcher(line);
            if (row.matches() && !row.group(1).startsWith(OF_COPIES)) {
                Set<String> labels = new TreeSet<>(List.of(row.group(2).trim().split(",\\s*")));
                labels.remove("");
                assertThat(listed.put(row.group(1), labels)).as(row.group(1)).isNull();
            }
        }

        assertThat(listed).isEqualTo(scrape.families());
    }

    /** What is named so and is no metric is a collection. */
    @ParameterizedTest
    @ValueSource(strings = {"incidents.md", "tuning.md", "sizing.md"})
    void pages_nameMetricsThatThereAre(String page) throws Exception {
        String others = Files.readString(DOCS.resolve("../sync.md")) + Files.readString(DOCS.resolve("../storage.md"));
        NAMED.matcher(read(page))
                .results()
                .map(MatchResult::group)
                .forEach(name -> assertThat(scrape.families().containsKey(name)
                                || scrape.samples().containsKey(name)
                                || others.contains("`" + name)
                                || others.contains(name + "`"))
                        .as("%s in %s", name, page)
                        .isTrue());
    }

    @Test
    void searchWork_onADatabaseThatIsReady_isDone() {
        assertThat(scrape.value("miroir_search_parameters_pending")).isZero();
        assertThat(scrape.value("miroir_search_fields_most")).isZero();
        assertThat(scrape.value("miroir_index_builds")).isGreaterThanOrEqualTo(0);
    }

    @Test
    void dashboard_usesWhatThereIs() throws Exception {
        YamlNode dashboard = YamlNode.parseJson("grafana-dashboard.json", read("grafana-dashboard.json"));
        List<String> expressions = new ArrayList<>();
        Set<String> places = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        for (YamlNode panel : dashboard.require("panels").items()) {
            assertThat(ids.add(panel.require("id").text()))
                    .as("ids are given once")
                    .isTrue();
            assertThat(panel.require("title").text()).isNotBlank();
            YamlNode place = panel.require("gridPos");
            assertThat(places.add(
                            place.require("x").text() + " " + place.require("y").text()))
                    .as("two panels in one place: %s", panel.require("title").text())
                    .isTrue();
            YamlNode targets = panel.find("targets");
            if (targets == null) {
                assertThat(panel.require("type").text()).isEqualTo("row");
                continue;
            }
            for (YamlNode target : targets.items()) {
                String expression = target.require("expr").text();
                expressions.add(expression);
                PromQl.Uses uses = PromQl.of(expression);
                String legend = target.require("legendFormat").text();
                IN_LEGEND
                        .matcher(legend)
                        .results()
                        .forEach(label -> assertThat(known(uses)).as(legend).contains(label.group(1)));
            }
        }
        dashboard.require("templating").require("list").items().stream()
                .map(each -> each.find("definition"))
                .filter(each -> each != null)
                .forEach(each -> expressions.add(each.text()));
        assertThat(expressions).hasSizeGreaterThan(30);
        expressions.forEach(this::check);
    }

    @Test
    void dashboard_shows_everyKindOfMetric() throws Exception {
        assertThat(read("grafana-dashboard.json"))
                .contains(
                        "miroir_requests_total",
                        "miroir_request_seconds_bucket",
                        "miroir_request_step_seconds_sum",
                        "miroir_synchronisation_state",
                        "miroir_database_connections_used",
                        "jvm_memory_used_bytes");
    }

    @Test
    void rules_areRules_andUseWhatThereIs() throws Exception {
        YamlNode file = YamlNode.parse("alert-rules.yaml", read("alert-rules.yaml"), name -> null)
                .allowOnly("groups");
        Set<String> names = new TreeSet<>();
        for (YamlNode group : file.require("groups").items()) {
            group.allowOnly("name", "interval", "rules");
            assertThat(names.add(group.require("name").text())).isTrue();
            for (YamlNode rule : group.require("rules").items()) {
                rule.allowOnly("alert", "expr", "for", "keep_firing_for", "labels", "annotations");
                assertThat(names.add(rule.require("alert").text())).isTrue();
                checkRule(rule);
            }
        }
        assertThat(names)
                .contains(
                        "MiroirServerDown",
                        "MiroirNotReady",
                        "MiroirErrors",
                        "MiroirSlow",
                        "MiroirSynchronisationKo",
                        "MiroirSynchronisationLate",
                        "MiroirDiskFillingUp",
                        "MiroirExportsStuck",
                        "MiroirExportsFail",
                        "MiroirIndexBuildSlow",
                        "MiroirSearchFieldsSlow",
                        "MiroirSearchFieldsStuck",
                        "MiroirDatabaseDiskFillingUp");
        String ofDaemon = Files.readString(DOCS.resolve("../sync.md"));
        assertThat(OF_DAEMON).allSatisfy(metric -> assertThat(ofDaemon).contains("| `" + metric + "` |"));
        assertThat(scrape.value("miroir_database_disk_free_bytes"))
                .isBetween(1.0, scrape.value("miroir_database_disk_total_bytes"));
    }

    private void checkRule(YamlNode rule) {
        String name = rule.require("alert").text();
        assertThat(name).matches("Miroir[A-Z][A-Za-z]+");
        PromQl.Uses uses = check(rule.require("expr").text());
        YamlNode wait = rule.find("for");
        if (wait != null) {
            wait.duration();
        }
        assertThat(rule.require("labels").require("severity").text()).isIn("critical", "warning");
        YamlNode annotations = rule.require("annotations").allowOnly("summary", "description", "runbook_url");
        for (String each : List.of("summary", "description")) {
            String text = annotations.require(each).text();
            assertThat(text).as(name).isNotBlank();
            IN_ANNOTATION
                    .matcher(text)
                    .results()
                    .forEach(label -> assertThat(left(uses)).as(name).contains(label.group(1)));
        }
    }

    /** Labels that the result of an expression may have: those that it is grouped by, or else all. */
    private Set<String> left(PromQl.Uses uses) {
        return uses.labels().isEmpty() ? known(uses) : uses.labels();
    }

    private Set<String> known(PromQl.Uses uses) {
        Set<String> labels = new TreeSet<>(BY_PROMETHEUS);
        uses.metrics().keySet().forEach(metric -> labels.addAll(labels(metric)));
        return labels;
    }

    /** Of Prometheus, or of a daemon, which says itself whether the page about it is right. */
    private static boolean isOfAnother(String metric) {
        return metric.equals("up") || OF_DAEMON.contains(metric);
    }

    /** Prometheus has one of its own for each server that it asks. */
    private Set<String> labels(String metric) {
        return isOfAnother(metric) ? BY_PROMETHEUS : scrape.samples().getOrDefault(metric, Set.of());
    }

    private PromQl.Uses check(String expression) {
        PromQl.Uses uses = PromQl.of(expression);
        assertThat(uses.metrics()).as(expression).isNotEmpty();
        uses.metrics().forEach((metric, selecting) -> {
            assertThat(isOfAnother(metric) || scrape.samples().containsKey(metric))
                    .as("%s in %s", metric, expression)
                    .isTrue();
            Set<String> labels = new TreeSet<>(labels(metric));
            labels.addAll(BY_PROMETHEUS);
            assertThat(labels).as("%s in %s", metric, expression).containsAll(selecting);
        });
        assertThat(known(uses)).as(expression).containsAll(uses.labels());
        return uses;
    }

    private static String read(String name) throws IOException {
        return Files.readString(DOCS.resolve(name));
    }
}
