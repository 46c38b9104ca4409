package miroir.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.proxy.ForwardedHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerConfigurationTest {
    private static final Pattern ASSIGNMENT = Pattern.compile("(MIROIR_[A-Z_]+|MONGODB_URI)='?([^\\s']+)'?");
    private static final Path CONF = Path.of(System.getProperty("miroir.root"), "conf");

    @Test
    void shippedFile_withAnEmptyEnvironment_isTheDefaults() throws IOException {
        assertThat(read(Files.readString(CONF.resolve("server.yaml"))))
                .usingRecursiveComparison()
                .usingOverriddenEquals()
                .ignoringFields("file")
                .isEqualTo(read(""));
    }

    /** With the environment that the image sets and the example in it, which is all that whoever tries it has. */
    @Test
    void shippedFile_inTheContainerOfTheExample_startsAndIsClosed() throws IOException {
        String dockerfile = Files.readString(CONF.resolveSibling("Dockerfile"));
        Map<String, String> environment = Pattern.compile("(?:ENV|-e) (.*)")
                .matcher(dockerfile)
                .results()
                .flatMap(line -> ASSIGNMENT.matcher(line.group(1)).results())
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2), (one, same) -> same));

        ServerConfiguration configuration = ServerConfiguration.read(
                "server.yaml", Files.readString(CONF.resolve("server.yaml")), environment::get);

        assertThat(configuration.listen().isLoopback()).isFalse();
        assertThat(configuration.access().mode()).isEqualTo(AccessConfiguration.Mode.TOKEN);
        assertThat(configuration.access().writeTokenFile()).hasValue(Path.of("/run/secrets/token"));
        assertThat(configuration.database().uri()).isEqualTo("mongodb://db/?replicaSet=rs");
    }

    @Test
    void shippedFile_takesAccessAndNamesFromTheEnvironment() throws IOException {
        Map<String, String> environment = Map.of(
                "MIROIR_HOST", "0.0.0.0",
                "MIROIR_OPEN_BEYOND_LOOPBACK", "true",
                "MIROIR_HOSTS", "a.example, b.example");

        ServerConfiguration configuration = ServerConfiguration.read(
                "server.yaml", Files.readString(CONF.resolve("server.yaml")), environment::get);

        assertThat(configuration.access().mode()).isEqualTo(AccessConfiguration.Mode.OPEN);
        assertThat(configuration.listen().allHosts()).containsExactly("a.example", "b.example");
    }

    @Test
    void readmeAndShippedFile_haveEveryKey() throws IOException {
        String readme = Files.readString(CONF.resolve("README.md"));
        String shipped = Files.readString(CONF.resolve("server.yaml"));

        ServerConfiguration.keys().forEach((section, keys) -> {
            assertThat(shipped).contains("\n" + section + ":");
            keys.forEach(key -> {
                assertThat(readme).contains("`" + section + "." + key + "`");
                assertThat(shipped).contains("\n  " + key + ":");
            });
        });
    }

    @Test
    void readmeAndShippedFile_haveEveryKeyOfTls() throws IOException {
        String readme = Files.readString(CONF.resolve("README.md"));
        String shipped = Files.readString(CONF.resolve("server.yaml"));

        assertThat(TlsConfiguration.KEYS).allSatisfy(key -> {
            assertThat(readme).contains("`listen.tls." + key + "`");
            assertThat(shipped).contains("\n    " + key + ":");
        });
    }

    @Test
    void tls_isOnWithTwoFiles_andItsPassphraseIsNotPrinted() {
        ServerConfiguration configuration =
                read("listen: {tls: {certificate: a.pem, key: b.pem, passphrase: secret, reload: 1m, hsts: 0s}}");

        TlsConfiguration tls = configuration.listen().tls().orElseThrow();
        assertThat(tls.certificate()).isEqualTo(Path.of("a.pem"));
        assertThat(tls.key()).isEqualTo(Path.of("b.pem"));
        assertThat(tls.passphrase()).hasValue("secret");
        assertThat(tls.reload()).isEqualTo(Duration.ofMinutes(1));
        assertThat(tls.hsts()).isZero();
        assertThat(configuration.toString()).doesNotContain("secret");
        assertThat(configuration.listen().scheme()).isEqualTo("https");
        assertThat(read("").listen().scheme()).isEqualTo("http");
    }

    @Test
    void origins_areAsBrowsersWriteThem() {
        assertThat(read("access: {origins: 'HTTPS://A.example:443, http://b.example:8080, http://[::1]:80'}")
                        .access()
                        .origins())
                .containsExactly("https://a.example", "http://b.example:8080", "http://[::1]");
        assertThat(read("access: {origins: '*'}").access().origins()).containsExactly("*");
        assertThat(read("").access().origins()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example/",
                "https://a.example/app",
                "https://a.example?x",
                "https://me@a.example",
                "a.example",
                "file:///a",
                "null",
                "https://*.example"
            })
    void origins_thatNoBrowserWrites_areRefused(String origin) {
        assertThatThrownBy(() -> read("access: {origins: '" + origin + "'}"))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(origin);
    }

    @Test
    void ownBases_areThePublicOneAndTheDirectorys() {
        String listen = "listen: {publicBase: 'https://a.example/x/fhir'}\n";

        assertThat(read(listen).ownBases()).containsExactly("https://a.example/x/fhir");
        assertThat(read(listen + "search: {directoryPath: annuaire}").ownBases())
                .containsExactlyInAnyOrder("https://a.example/x/fhir", "https://a.example/x/annuaire/fhir");
        assertThat(read("search: {directoryPath: annuaire}").ownBases()).isEmpty();
    }

    @Test
    void directoryPath_besideABaseThatSaysNotWhereItGoes_isRefused() {
        assertThatThrownBy(
                        () -> read("listen: {publicBase: 'https://a.example/r4'}\nsearch: {directoryPath: annuaire}"))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("https://a.example/r4");
    }

    @Test
    void trustedProxies_areAListOrOneText() {
        assertThat(read("listen: {trustedProxies: [127.0.0.1, '::1', 10.0.0.0/8]}\naccess: {mode: token}")
                        .listen()
                        .trustedProxies())
                .isEqualTo(read("listen: {trustedProxies: '127.0.0.1, ::1, 10.0.0.0/8'}\naccess: {mode: token}")
                        .listen()
                        .trustedProxies())
                .hasSize(3);
    }

    @Test
    void forwardedHeaders_areTwoUnlessOthersAreNamed() {
        assertThat(read("").listen().forwardedHeaders())
                .containsExactly(ForwardedHeader.X_FOR, ForwardedHeader.X_PROTO);
        assertThat(read("listen: {forwardedHeaders: 'Forwarded, x-forwarded-prefix'}")
                        .listen()
                        .forwardedHeaders())
                .containsExactly(ForwardedHeader.FORWARDED, ForwardedHeader.X_PREFIX);
    }

    /** Everybody behind a gateway on this machine seems to be on it. */
    @Test
    void rates_areNumbersOrOff() {
        assertThat(read("").limits().addressRate()).isEqualTo(200);
        assertThat(read("").limits().consumerRate()).isZero();
        assertThat(read("").limits().searches()).isBetween(8, 48);
        LimitsConfiguration limits = read("limits: {addressRate: off, consumerRate: 50, searches: 3}")
                .limits();
        assertThat(limits.addressRate()).isZero();
        assertThat(limits.consumerRate()).isEqualTo(50);
        assertThat(limits.searches()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listen: {trustedProxies: 127.0.0.1}              | access: {writable: true, mode: token} | listen.trustedProxies
            listen: {publicBase: 'https://c.example/fhir'}   | access: {writable: true}              | listen.publicBase
            listen: {trustedProxies: 127.0.0.1}              | access: {mode: open}                  | openBeyondLoopback
            """)
    void gateway_makesTheServerPublic(String listen, String access, String guilty) {
        assertThatThrownBy(() -> read(listen + "\n" + access))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(guilty);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {requestRoles: reader}                        | requests: true
            {requests: true, requestNetworks: 10.0.0.0/8} | requestRoles
            {requests: true, requestRoles: reader}        | requestNetworks
            {requests: true, requestNetworks: 10.0.0.1/8} | requestNetworks
            """)
    void requestRules_thatMeanNothing_areRefused(String access, String guilty) {
        assertThatThrownBy(() -> read("access: " + access))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(guilty);
    }

    @Test
    void readme_hasNoKeyThatIsNotKnown() throws IOException {
        String ofServer = Files.readString(CONF.resolve("README.md")).split("\n## sync.yaml", 2)[0];
        for (String line : ofServer.lines().toList()) {
            if (line.startsWith("| `")
                    && line.contains(".")
                    && !line.contains("[].")
                    && line.split("\\|", -1).length == 6) {
                String key = line.split("`", -1)[1];
                String[] parts = key.split("\\.", -1);
                assertThat(ServerConfiguration.keys().get(parts[0])).as(key).contains(parts[1]);
            }
        }
    }

    @Test
    void values_areRead() {
        ServerConfiguration configuration = read("""
                listen: {port: 9090, hosts: [a.example, b.example], publicBase: "https://c.example/fhir"}
                access: {mode: token}
                fhir: {types: "Practitioner, Device"}
                search: {deadline: 5s}
                history: {retention: 30d, versions: 5}
                limits: {body: 10MB}
                validation: {stored: 0}
                """);

        assertThat(configuration.listen().port()).isEqualTo(9090);
        assertThat(configuration.listen().allHosts()).containsExactly("a.example", "b.example", "c.example");
        assertThat(configuration.access().mode()).isEqualTo(AccessConfiguration.Mode.TOKEN);
        assertThat(configuration.fhir().types()).containsExactly("Practitioner", "Device");
        assertThat(configuration.search().deadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.history().retention()).isEqualTo(Duration.ofDays(30));
        assertThat(configuration.history().versions()).isEqualTo(5);
        assertThat(configuration.limits().body()).isEqualTo(10 << 20);
        assertThat(configuration.validation().stored()).isZero();
        assertThat(read("history: {retention: forever}").history().retention()).isNull();
        assertThat(read("").history().retention()).isEqualTo(Duration.ofDays(400));
        assertThat(read("").history().versions()).isNull();
        assertThat(read("fhir: {types: all}").fhir().types()).hasSizeGreaterThan(140);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listn: {port: 1}                             | test.yaml:1: | listen
            listen: {prt: 1}                             | test.yaml:1: | port
            listen: {port: 65536}                        | test.yaml:1: | 65535
            listen: {publicBase: ftp://x/y}              | test.yaml:1: | http
            listen: {trustedProxies: gateway.example}    | test.yaml:1: | 10.0.0.0/8
            listen: {trustedProxies: [10.0.0.1/8]}       | test.yaml:1: | 10.0.0.1/8
            listen: {trustedProxies: 0.0.0.0/0}          | test.yaml:1: | fewer than all
            listen: {forwardedHeaders: X-Real-IP}        | test.yaml:1: | X-Forwarded-For, X-Forwarded-Proto
            listen: {tls: {certificate: a.pem, key: b.pem, hsts: 500ms}} | test.yaml:1: | at least 1s
            listen: {tls: {certificate: "a\\0.pem", key: b.pem}} | test.yaml:1: | path of a file
            listen: {tls: {certificate: a.pem}}          | test.yaml:1: | two files
            listen: {tls: {keys: a.pem}}                 | test.yaml:1: | key
            listen: {address: 0.0.0.0}                   | test.yaml:1: | openBeyondLoopback
            limits: {body: 4}                            | test.yaml:1: | 4MB
            tracing: {endpoint: 'collector:4318'}        | test.yaml:1: | http://127.0.0.1:4318
            tracing: {sampled: 2}                        | test.yaml:1: | from 0 to 1
            tracing: {headers: Bearer}                   | test.yaml:1: | Authorization=Bearer xyz
            limits: {idle: soon}                         | test.yaml:1: | 10s
            limits: {searches: 0}                        | test.yaml:1: | between 1 and 10000
            limits: {addressRate: 0}                     | test.yaml:1: | between 1 and 100000
            fhir: {types: Practitionr}                   | test.yaml:1: | Practitioner
            fhir: {zone: Europe/Nowhere}                 | test.yaml:1: | Europe/Paris
            search: {defaultCount: 20, maximumCount: 10} | test.yaml:1: | 20 > 10
            history: {retention: 23h}                    | test.yaml:1: | search.linkExpiry
            history: {retention: always}                 | test.yaml:1: | always
            {history: {retention: 24h}, export: {expiry: 25h}} | test.yaml:1: | export.expiry
            export: {expiry: 31d}                        | test.yaml:1: | up to
            export: {resources: 10}                      | test.yaml:1: | between 100
            export: {maximum: 0}                         | test.yaml:1: | between 1
            history: {versions: 0}                       | test.yaml:1: | 1
            access: {mode: closed}                       | test.yaml:1: | token
            """)
    void file_thatIsWrong_stopsTheStartWithPlaceAndReason(String yaml, String where, String reason) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageStartingWith(where)
                .hasMessageContaining(reason);
    }

    @Test
    void writable_beyondLoopback_stopsTheStart() {
        assertThatThrownBy(() -> read("listen: {address: 0.0.0.0}\naccess: {writable: true, openBeyondLoopback: true}"))
                .hasMessageContaining("writable");
    }

    @Test
    void databaseUri_whichHoldsAPassword_isNotPrinted() {
        assertThat(read("database: {uri: 'mongodb://u:secret@h/'}").toString()).doesNotContain("secret");
    }

    private static ServerConfiguration read(String yaml) {
        return ServerConfiguration.read("test.yaml", yaml, Map.<String, String>of()::get);
    }
}
