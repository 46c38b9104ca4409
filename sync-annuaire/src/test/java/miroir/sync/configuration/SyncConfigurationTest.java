package miroir.sync.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.sync.Definition;
import miroir.sync.upstream.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncConfigurationTest {
    private static final Path CONF = Path.of(System.getProperty("miroir.root"), "conf");

    private static SyncConfiguration read(String text, Map<String, String> environment) {
        return SyncConfiguration.read("sync.yaml", text, environment::get);
    }

    @Test
    void shippedFile_withOnlyAKey_isTheRealDirectory() throws IOException {
        SyncConfiguration shipped = read(Files.readString(CONF.resolve("sync.yaml")), Map.of("ANNUAIRE_API_KEY", "k"));

        Source source = shipped.sources().get(0);
        assertThat(source.base()).hasToString("https://gateway.api.esante.gouv.fr/fhir/v2");
        assertThat(source.key().value()).isEqualTo("k");
        assertThat(source.quota()).isEqualTo(16);
        assertThat(shipped.definitions())
                .extracting(Definition::type)
                .containsExactly("Organization", "Practitioner", "PractitionerRole", "HealthcareService", "Device");
        assertThat(shipped.daemon())
                .isEqualTo(read("{sources: {}, synchronisations: []}", Map.of()).daemon());
    }

    @Test
    void readme_hasEveryKeyAndNoOther() throws IOException {
        String readme = Files.readString(CONF.resolve("README.md"));

        SyncConfiguration.keys()
                .forEach((part, keys) ->
                        keys.forEach(key -> assertThat(readme).contains("| `" + part + "[]." + key + "`")));
        readme.lines()
                .filter(line -> line.startsWith("| `") && line.contains("[]."))
                .forEach(line -> {
                    String[] name = line.split("`", -1)[1].split("\\[\\]\\.", -1);
                    if (name[0].contains(".")) {
                        return; // of the server, whose keys stand in sections
                    }
                    assertThat(SyncConfiguration.keys().get(name[0])).as(line).contains(name[1]);
                });
    }

    @Test
    void values_areRead(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "s3cr3t\n");
        SyncConfiguration read = read("""
                sources:
                  other: {url: "https://h.example/fhir/", header: X-Key, keyFile: "%s", quota: 5, timeout: 10s, pageSize: 50,
                          proxy: "p.example:3128", patience: 1m, formerly: "http://g.example/fhir/"}
                synchronisations:
                  - {source: other, type: Device}
                  - {source: other, type: Practitioner, name: doctors, filter: "qualification-code=10", schedule: 6h,
                     fullEvery: 30d, overlap: 1h, guard: 2.5%%, rejects: 0%%, priority: 3}
                daemon: {lease: 4s, readers: 1, metricsPort: 0}
                """.formatted(key), Map.of());

        Source source = read.sources().get(0);
        assertThat(source.base()).hasToString("https://h.example/fhir");
        assertThat(source.key().value()).isEqualTo("s3cr3t");
        assertThat(source.toString()).doesNotContain("s3cr3t");
        assertThat(source.definition().wasAt("http://g.example/fhir")).isTrue();
        assertThat(source.definition().wasAt("http://f.example/fhir")).isFalse();
        assertThat(source.proxy()).isEqualTo("p.example:3128");
        Definition doctors = read.definitions().get(1);
        assertThat(doctors.name()).isEqualTo("other/Practitioner/doctors");
        assertThat(doctors.query("a=b")).isEqualTo("qualification-code=10&a=b");
        assertThat(doctors.guard()).isEqualTo(0.025);
        assertThat(doctors.fullEvery()).isEqualTo(Duration.ofDays(30));
        assertThat(read.only(Set.of("Device")).definitions()).hasSize(1);
        assertThat(read.only(Set.of("Device")).configured()).hasSize(2);
        assertThat(read.at("https://o.example/f").sources().get(0).base()).hasToString("https://o.example/f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{sources: {a: {url: 'ftp://x'}}, synchronisations: []} | is not a FHIR base",
                "{sources: {a: {url: 'http://x', quotta: 3}}, synchronisations: []} | quota",
                "{sources: {A: {url: 'http://x'}}, synchronisations: []} | lower-case",
                "{sources: {a: {url: 'http://x', proxy: nowhere}}, synchronisations: []} | host and a port",
                "{sources: {a: {url: 'http://x', formerly: once}}, synchronisations: []} | is not a FHIR base",
                "{sources: {a: {url: 'http://x', header: Host}}, synchronisations: []} | restricted",
                "{sources: {a: {url: 'http://x', header: 'a b'}}, synchronisations: []} | header",
                "{sources: {a: {url: 'http://x', keyFile: /no/such}}, synchronisations: []} | cannot be read",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: b, type: Device}]} | no source",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, filter: x=y}]} | needs a name",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, schedule: daily}]} | no schedule",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, guard: 5}]} | share",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, overlap: 2d}]} | more than a day",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device}, {source: a, type: Device}]} | two",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, name: b, filter: 'c=d e'}]} | it is \"c=d%20e\"",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, name: b, filter: 'c=é'}]} | it is \"c=%C3%A9\"",
                "{sources: {a: {url: 'http://x'}}, synchronisations: [{source: a, type: Device, name: b, filter: 'c=d&_id=1'}]} | has _id",
                "{sources: {}, synchronisations: [], daemon: {lease: 1s}} | less than 2s",
                "{sources: {}, synchronisations: [], demon: {}} | daemon",
                "{sources: {}} | synchronisations"
            })
    void values_thatCannotBe_areRefusedByName(String text, String part) {
        assertThatThrownBy(() -> read(text, Map.of()))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(part);
    }

    @Test
    void key_whereNoneIsNamed_isNone() {
        SyncConfiguration read =
                read("{sources: {a: {url: 'http://x'}}, synchronisations: []}", Map.of("ANNUAIRE_API_KEY", "s3cr3t"));

        assertThat(read.sources().get(0).key().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3c\nr3t", "\uFEFFs3cr3t", "s3cr\u00E9t", "s3cr3t\u0000"})
    void key_thatNoHeaderCanHold_isRefusedWithoutBeingShown(String key) {
        String text = "{sources: {a: {url: 'https://x', keyVariable: KEY}}, synchronisations: []}";

        assertThatThrownBy(() -> read(text, Map.of("KEY", key)))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("KEY")
                .hasMessageNotContaining("s3c")
                .hasNoCause();
    }

    @Test
    void key_ofAnEmptyFile_isRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), " \n");
        String text = "{sources: {a: {url: 'https://x', keyFile: '" + file + "'}}, synchronisations: []}";

        assertThatThrownBy(() -> read(text, Map.of())).hasMessageContaining("is empty");
    }

    @Test
    void key_overHttp_goesNoFurtherThanThisMachine() {
        String text = "{sources: {a: {url: '%s', keyVariable: KEY}}, synchronisations: []}";
        Map<String, String> key = Map.of("KEY", "k");

        assertThatThrownBy(() -> read(text.formatted("http://h.example"), key)).hasMessageContaining("over http");
        assertThatThrownBy(() -> read(text.formatted("http://127.0.0.1.h.example"), key))
                .hasMessageContaining("over http");
        SyncConfiguration here = read(text.formatted("http://127.0.0.1:8090/fhir"), key);
        assertThatThrownBy(() -> here.at("http://h.example")).hasMessageContaining("--url");
        assertThat(here.at("http://localhost:1").sources()).hasSize(1);
        assertThat(read(text.formatted("http://h.example"), Map.of()).sources()).hasSize(1);
    }

    @Test
    void besideOthers_asksHalfAsOften() {
        SyncConfiguration read = read("{sources: {a: {url: 'http://x', quota: 9}}, synchronisations: []}", Map.of());

        assertThat(read.besideOthers().sources().get(0).quota()).isEqualTo(4.5);
    }
}
