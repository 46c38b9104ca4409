package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.TenantConfiguration;
import org.junit.jupiter.api.Test;

final class ConfigurationMainTest {

    @Test
    void lines_emptyFile_areTheDefaults() {
        assertThat(lines("", Map.of())).isEqualTo("""
                        address=127.0.0.1
                        port=8080
                        tls=false
                        publicBase=
                        ownBases=
                        writable=false
                        writeTokenFile=
                        uri=mongodb://127.0.0.1:27017
                        database=miroir
                        types=directory
                        zone=Europe/Paris
                        stop=8
                        """);
    }

    @Test
    void lines_fileWithVariables_areWhatTheEnvironmentMakesOfIt() {
        String file = """
                listen:
                  port: ${MIROIR_PORT:8080}
                database:
                  uri: ${MONGODB_URI:mongodb://other}
                fhir:
                  types: Organization, Device
                """;

        assertThat(lines(file, Map.of("MIROIR_PORT", "9000")))
                .contains("port=9000\n", "uri=mongodb://other\n", "types=Device,Organization\n");
    }

    @Test
    void lines_withTls_sayThatTheServerIsNotAskedPlainly() {
        assertThat(lines("listen: {tls: {certificate: a.pem, key: b.pem}}", Map.of()))
                .contains("tls=true\n");
    }

    @Test
    void lines_timeToStop_isAllThatTheServerMayTake() {
        assertThat(lines("limits: {drain: 30s, stop: 1500ms}", Map.of())).contains("stop=32\n");
    }

    @Test
    void tokenLine_saysWhereTheTokenOfATenantIs() {
        ServerConfiguration server = ServerConfiguration.read("server.yaml", "", Map.<String, String>of()::get);

        assertThat(ConfigurationMain.tokenLine(TenantConfiguration.read(
                        "north", "x", "access: {writeTokenFile: /a/token}", Map.<String, String>of()::get, server)))
                .isEqualTo("token.north=/a/token\n");
        assertThat(ConfigurationMain.tokenLine(
                        TenantConfiguration.read("south", "x", "", Map.<String, String>of()::get, server)))
                .isEqualTo("token.south=\n");
    }

    @Test
    void lines_allTypes_areOneWord() {
        assertThat(lines("fhir:\n  types: all\n", Map.of())).contains("types=all\n");
    }

    private static String lines(String file, Map<String, String> environment) {
        return ConfigurationMain.lines(ServerConfiguration.read("server.yaml", file, environment::get));
    }
}
