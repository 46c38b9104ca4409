package miroir.sync.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class TolerantReaderTest {
    private final Oddities oddities = new Oddities();
    private final ResourceReader strict = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final TolerantReader reader = new TolerantReader(strict, oddities);

    private RawBsonDocument read(String json) {
        return reader.read(json.getBytes(UTF_8));
    }

    @Test
    void read_numericVersion_becomesText() {
        RawBsonDocument read = read(
                "{\"resourceType\":\"Device\",\"id\":\"1\",\"meta\":{\"versionId\":2,\"source\":\"s\"},\"lotNumber\":\"7\"}");

        assertThat(read.getDocument("meta").getString("versionId").getValue()).isEqualTo("2");
        assertThat(read.keySet()).containsExactly("resourceType", "id", "meta", "lotNumber");
        assertThat(oddities.counts()).containsOnlyKeys("numeric versionId");
    }

    @Test
    void read_nullsAndEmptyElements_areLeftOut() {
        RawBsonDocument read = read(
                "{\"resourceType\":\"Organization\",\"id\":\"1\",\"name\":null,\"alias\":[\"a\",null],\"address\":[{\"line\":"
                        + "[null],\"city\":\"BERCK\",\"text\":\"\"}],\"telecom\":[],\"partOf\":{}}");

        assertThat(read)
                .isEqualTo(
                        strict.read(("{\"resourceType\":\"Organization\",\"id\":\"1\",\"alias\":[\"a\"],\"address\":[{"
                                        + "\"city\":\"BERCK\"}]}")
                                .getBytes(UTF_8)));
        assertThat(oddities.counts()).containsKeys("null", "empty element");
    }

    @Test
    void read_nullThatStandsForAnExtension_stays() {
        String json =
                "{\"resourceType\":\"Organization\",\"id\":\"1\",\"meta\":{\"versionId\":3},\"alias\":[\"a\",null],\"_alias\":[null,"
                        + "{\"id\":\"x\"}]}";

        assertThat(read(json).getArray("alias")).hasSize(2);
    }

    @Test
    void read_decimals_keepTheirDigits() {
        String json =
                "{\"resourceType\":\"Location\",\"id\":\"1\",\"meta\":{\"versionId\":3},\"position\":{\"longitude\":1.50,\"latitude\":-0.10}}";

        assertThat(read(json).getDocument("position").toJson()).contains("1.50").contains("-0.10");
    }

    @Test
    void read_whatIsWrongBeyondThat_isRefusedWithTheFirstReason() {
        assertThatThrownBy(() -> read("{\"resourceType\":\"Device\",\"id\":\"1\",\"nome\":\"x\"}"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("nome");
        assertThatThrownBy(() -> read("{\"resourceType\":\"Device\",")).isInstanceOf(Refusal.class);
    }

    @Test
    void read_sampleOfTheProject_isReadAsItIs() throws IOException {
        Path samples = Path.of(System.getProperty("miroir.root"), "samples", "directory");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(samples, "*.json")) {
            for (Path file : files) {
                byte[] json = Files.readAllBytes(file);
                assertThat(reader.read(json)).as("%s", file).isEqualTo(strict.read(json));
            }
        }
        assertThat(oddities.counts()).isEmpty();
    }
}
