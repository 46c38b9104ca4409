package miroir.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.Setting.Origin;
import miroir.server.format.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a configuration, and what may be set instead of it. */
final class SettingsTest {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    /** What the README says of keys that are nothing where nobody says otherwise. */
    private static final Set<String> NOTHING = Set.of("none", "from the request");

    private static final Set<String> SECTIONS = Set.of("listen.tls", "alerts.mail");

    private static ServerConfiguration read(String yaml, Map<String, String> environment) {
        return ServerConfiguration.read("test.yaml", yaml, environment::get);
    }

    private static Map<String, Setting> settings(ServerConfiguration configuration) {
        return configuration.file().settings().stream().collect(Collectors.toMap(Setting::key, Function.identity()));
    }

    private static Setting setting(ServerConfiguration configuration, String key) {
        return Objects.requireNonNull(settings(configuration).get(key), key);
    }

    @Test
    void settings_ofNoFile_areWhatTheReadmeHas_withItsDefaults() {
        ServerConfiguration none = read("", Map.of());

        KeyMeanings.defaults().forEach((key, byDefault) -> {
            if (!SECTIONS.contains(key) && !key.contains("[]")) {
                Setting setting = setting(none, key);
                assertThat(setting.origin()).as(key).isEqualTo(Origin.DEFAULT);
                if (!setting.isSecret()) {
                    assertThat(setting.byDefault())
                            .as(key)
                            .isIn(byDefault, NOTHING.contains(byDefault) ? "" : byDefault);
                    assertThat(setting.value()).as(key).isEqualTo(setting.byDefault());
                }
            }
        });
        assertThat(settings(none).keySet())
                .allSatisfy(key ->
                        assertThat(KeyMeanings.of(key)).as(key).isNotBlank().doesNotContain("`", "]("));
        assertThat(KeyMeanings.of("access.issuers[3].leeway")).contains("clocks");
    }

    @Test
    void settings_areAllKeysThatAFileMayHave() {
        Set<String> told = settings(read("", Map.of())).keySet();

        ServerConfiguration.keys()
                .forEach((section, keys) -> keys.stream()
                        .map(key -> section + "." + key)
                        .filter(key -> !SECTIONS.contains(key))
                        .forEach(key -> assertThat(told).contains(key)));
        TlsConfiguration.KEYS.forEach(key -> assertThat(told).contains("listen.tls." + key));
        MailConfiguration.KEYS.forEach(key -> assertThat(told).contains("alerts.mail." + key));
    }

    @Test
    void changeable_areThoseThatTheDocumentsName() throws IOException {
        String readme = Files.readString(ROOT.resolve("conf/README.md"));
        String console = Files.readString(ROOT.resolve("docs/operations/console.md"));
        String named = settings(read("", Map.of())).values().stream()
                .filter(Setting::isChangeable)
                .map(Setting::key)
                .sorted()
                .map(key -> "`" + key + "`")
                .collect(Collectors.joining(", "));

        int last = named.lastIndexOf(", ");
        String sentence = named.substring(0, last) + " and " + named.substring(last + 2) + " can be set";
        assertThat(readme).contains(sentence);
        assertThat(console).contains(sentence);
    }

    @Test
    void origin_isTheDefault_theFileOrTheEnvironment() {
        ServerConfiguration configuration = read(
                "listen:\n  port: ${MIROIR_PORT:8080}\n  hosts: [\"${A}\", b.example]\n  address: ${MIROIR_HOST:127.0.0.1}\n"
                        + "search: {deadline: 5s}\nfhir: {zone: ''}",
                Map.of("MIROIR_PORT", "9090", "A", "a.example"));

        assertThat(setting(configuration, "listen.port"))
                .isEqualTo(new Setting(
                        "listen.port", "9090", "8080", Origin.ENVIRONMENT, "MIROIR_PORT", false, false, List.of()));
        assertThat(setting(configuration, "listen.hosts").value()).isEqualTo("a.example, b.example");
        assertThat(setting(configuration, "listen.hosts").origin()).isEqualTo(Origin.ENVIRONMENT);
        assertThat(setting(configuration, "listen.address").origin()).isEqualTo(Origin.FILE);
        assertThat(setting(configuration, "listen.address").from()).isEqualTo("test.yaml:4");
        assertThat(setting(configuration, "search.deadline").value()).isEqualTo("5s");
        assertThat(setting(configuration, "fhir.zone").origin()).isEqualTo(Origin.DEFAULT);
        assertThat(setting(configuration, "fhir.format").choices()).containsExactly("json", "xml");
    }

    @Test
    void secrets_areNowhere_norInATenantThatHasThemFromTheServer() {
        ServerConfiguration server = read("""
                database: {uri: 'mongodb://u:hidden@h/'}
                listen: {tls: {certificate: a, key: b, passphrase: '${P}'}}
                tracing: {headers: 'A=hidden'}
                alerts: {webhook: 'http://h/hidden', secret: hidden}""", Map.of("P", "hidden too"));
        ServerConfiguration tenant =
                TenantConfiguration.read("north", "north.yaml", "", Map.<String, String>of()::get, server);

        for (ServerConfiguration each : List.of(server, tenant)) {
            assertThat(each.file().settings().toString()).doesNotContain("hidden");
        }
        assertThat(setting(server, "database.uri").origin()).isEqualTo(Origin.FILE);
        assertThat(setting(server, "listen.tls.passphrase").from()).isEqualTo("P");
        assertThat(settings(tenant)).doesNotContainKey("limits.body").containsKey("database.name");
    }

    @Test
    void issuers_eachHaveTheirKeys() {
        ServerConfiguration configuration =
                read("access: {issuers: [{name: a, issuer: 'https://i.example', audience: x}]}", Map.of());

        assertThat(setting(configuration, "access.issuers[0].issuer").value()).isEqualTo("https://i.example");
        assertThat(setting(configuration, "access.issuers[0].leeway").value()).isEqualTo("30s");
    }

    @Test
    void set_goesBeforeTheFile_untilItIsNotSet() {
        PresentConfiguration present = new PresentConfiguration(
                read("search: {maximumCount: 200}\nfhir: {format: '${F}'}", Map.of("F", "json")));

        present.set(Map.of("search.maximumCount", "300", "fhir.format", "xml"));
        assertThat(present.get().search().maximumCount()).isEqualTo(300);
        assertThat(present.get().fhir().format()).isEqualTo(Format.XML);
        Setting setting = setting(present.get(), "search.maximumCount");
        assertThat(setting.origin()).isEqualTo(Origin.CONSOLE);
        assertThat(setting.value()).isEqualTo("300");
        assertThat(setting(present.ofFile(), "search.maximumCount").value()).isEqualTo("200");

        present.set(Map.of());
        assertThat(present.get()).isEqualTo(present.ofFile());
    }

    @Test
    void set_ofWhatMayNotChange_orIsNotKnown_changesNothing() {
        PresentConfiguration present = new PresentConfiguration(read("", Map.of()));

        present.set(Map.of("listen.port", "1", "access.mode", "token", "search.nonsense", "1", "nonsense", "1"));

        assertThat(present.get().listen().port()).isEqualTo(8080);
        assertThat(present.get().access()).isEqualTo(present.ofFile().access());
    }

    @Test
    void set_thatDoesNotFitTogether_countsAsFarAsItFits() {
        PresentConfiguration present = new PresentConfiguration(read("", Map.of()));

        present.set(Map.of("search.defaultCount", "900", "search.maximumCount", "100", "fhir.format", "turtle"));

        assertThat(present.get().search().defaultCount()).isEqualTo(900);
        assertThat(present.get().search().maximumCount()).isEqualTo(1000);
        assertThat(present.whyNot("search.maximumCount")).contains("900 > 100");
        assertThat(present.whyNot("fhir.format")).contains("turtle", "xml");
        assertThat(present.whyNot("search.defaultCount")).isEmpty();
        present.set(Map.of("search.defaultCount", "5000", "search.maximumCount", "10000"));
        assertThat(present.get().search().defaultCount()).isEqualTo(5000);
    }

    /** What nobody may be trusted to anymore has to be said against what the file says. */
    @Test
    void set_toNothing_countsInsteadOfTheFile() {
        PresentConfiguration present =
                new PresentConfiguration(read("subscriptions: {trustedHosts: [a.example]}", Map.of()));
        present.set(Map.of("subscriptions.trustedHosts", ""));

        assertThat(present.get().subscriptions().trustedHosts()).isEmpty();
        assertThat(present.get().file().settings())
                .filteredOn(each -> each.key().equals("subscriptions.trustedHosts"))
                .singleElement()
                .satisfies(each -> assertThat(each.origin()).isEqualTo(Setting.Origin.CONSOLE));
    }

    /** Beyond them a disk is never well again, and a time is never too long. */
    @ParameterizedTest
    @CsvSource({"diskFreePercent, 84", "latency, 121s", "latency, 0s", "errorPercent, 100"})
    void thresholds_thatMeanNothing_areRefused(String key, String value) {
        assertThatThrownBy(() -> read("alerts: {" + key + ": " + value + "}", Map.of()))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("alerts." + key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            search.maximumCount | 0     | search.maximumCount: "0" is not a whole number between 1 and 10000
            search.maximumCount | 10    | search.defaultCount is larger than search.maximumCount: 50 > 10
            search.defaultCount | 1e3   | between 1 and 10000
            search.handling     | loose | strict
            fhir.format         | XML   | xml
            fhir.display        | yes   | neither true nor false
            subscriptions.validation   | rule      | automatic
            subscriptions.trustedHosts | a.b, c/d  | "c/d" is not the name of a host
            """)
    void set_ofAWrongValue_isRefusedAsInTheFile(String key, String value, String sentence) {
        PresentConfiguration present = new PresentConfiguration(read("", Map.of()));

        assertThatThrownBy(() -> present.with(Map.of(key, value)))
                .isInstanceOfSatisfying(
                        ConfigurationRefused.class,
                        refused -> assertThat(PresentConfiguration.sentence(refused))
                                .contains(sentence));
    }
}
