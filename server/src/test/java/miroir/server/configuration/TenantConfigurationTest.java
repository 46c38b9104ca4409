package miroir.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TenantConfigurationTest {
    private static ServerConfiguration server(String yaml) {
        return ServerConfiguration.read("server.yaml", yaml, Map.<String, String>of()::get);
    }

    private static ServerConfiguration tenant(String name, String yaml, String server) {
        return TenantConfiguration.read(name, "tenants/x.yaml", yaml, Map.<String, String>of()::get, server(server));
    }

    @Test
    void read_withoutAnything_hasADatabaseBesideTheServersAndItsLimits() {
        ServerConfiguration north = tenant(
                "north",
                "{}",
                "database: {uri: \"mongodb://h\", name: hospital}\nlimits: {searches: 7}\nlisten: {port: 99}");

        assertThat(north.tenant()).isEqualTo("north");
        assertThat(north.database().uri()).isEqualTo("mongodb://h");
        assertThat(north.database().name()).isEqualTo("hospital_north");
        assertThat(north.limits().searches()).isEqualTo(7);
        assertThat(north.listen().port()).isEqualTo(99);
    }

    @ParameterizedTest
    @CsvSource({
        "https://fhir.example.org/fhir, https://fhir.example.org/north/fhir",
        "https://example.org/a/b/fhir,  https://example.org/a/b/north/fhir"
    })
    void linkBase_isTheServersWithTheTenantInIt(String server, String tenant) {
        assertThat(tenant("north", "{}", "listen: {publicBase: \"" + server + "\"}")
                        .listen()
                        .publicBase())
                .hasValue(tenant);
    }

    @Test
    void linkBase_thatCannotBeTold_hasToBeSaid() {
        String server = "listen: {publicBase: \"https://example.org/r4\"}";

        assertThatThrownBy(() -> tenant("north", "{}", server))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("listen.publicBase");
        assertThat(tenant("north", "listen: {publicBase: \"https://north.example.org/r4\"}", server)
                        .listen()
                        .publicBase())
                .hasValue("https://north.example.org/r4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "North", "a_b", "a.b", "fhir", "admin", "metrics", "health", "é", "a/b"})
    void name_thatCannotBePartOfAPath_isRefused(String name) {
        assertThatThrownBy(() -> tenant(name, "{}", "{}"))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("cannot be the name of a tenant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limits: {searches: 1}", "listen: {port: 1}", "listen: {address: \"0.0.0.0\"}"})
    void keys_thatAreTheServersAlone_areRefused(String yaml) {
        assertThatThrownBy(() -> tenant("north", yaml, "{}")).isInstanceOf(ConfigurationRefused.class);
    }

    @Test
    void reading_isOpenOnlyWhereTheServerMayBe() {
        assertThatThrownBy(() -> tenant(
                        "north", "access: {mode: open}", "listen: {address: \"0.0.0.0\"}\naccess: {mode: token}"))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("0.0.0.0");
    }
}
