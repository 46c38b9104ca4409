package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TenantFilesTest {
    @TempDir
    private Path conf;

    private static ServerConfiguration server(String yaml) {
        return ServerConfiguration.read("server.yaml", yaml, Map.<String, String>of()::get);
    }

    private List<TenantFiles> read() throws Exception {
        return TenantFiles.readAll(conf, server("{}"), Map.<String, String>of()::get);
    }

    private void tenant(String name, String yaml) throws Exception {
        Path folder = Files.createDirectories(conf.resolve("tenants").resolve(name));
        Files.writeString(folder.resolve("server.yaml"), yaml);
    }

    @Test
    void readAll_isTheFoldersThatAreNotHidden_byName() throws Exception {
        assertThat(read()).isEmpty();
        tenant("south", "{}");
        tenant("north", "{}");
        Files.createDirectories(conf.resolve("tenants/north/search"));
        Files.createDirectories(conf.resolve("tenants/..2026_11_28"));
        Files.writeString(conf.resolve("tenants/README.md"), "x");

        List<TenantFiles> read = read();

        assertThat(read).extracting(each -> each.configuration().tenant()).containsExactly("north", "south");
        assertThat(read.get(0).search()).isEqualTo(conf.resolve("tenants/north/search"));
        assertThat(read.get(1).search()).isEqualTo(conf.resolve("search"));
    }

    /** By which the certificate is judged. */
    @Test
    void hosts_areThoseOfAllTenants() throws Exception {
        tenant("north", "listen: {publicBase: 'https://north.example/fhir'}");
        ServerConfiguration server = server("listen: {hosts: a.example}");

        assertThat(MiroirServer.hosts(server, List.of(read().get(0).configuration())))
                .containsExactly("a.example", "north.example");
    }

    @Test
    void folder_withoutAFile_isRefused() throws Exception {
        Files.createDirectories(conf.resolve("tenants/east"));

        assertThatThrownBy(this::read).isInstanceOf(ConfigurationRefused.class).hasMessageContaining("east");
    }

    @Test
    void twoInOneDatabase_areRefused() throws Exception {
        tenant("north", "database: {name: shared}");
        tenant("south", "database: {name: shared}");

        List<TenantFiles> both = read();

        assertThatThrownBy(() -> TenantFiles.requireApart(server("{}"), both))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("shared");
        assertThatThrownBy(() -> TenantFiles.requireApart(server("database: {name: shared}"), both.subList(0, 1)))
                .isInstanceOf(ConfigurationRefused.class);
        TenantFiles.requireApart(server("{}"), both.subList(0, 1));
    }

    @Test
    void twoWithOneToken_areRefused(@TempDir Path tokens) throws Exception {
        Path one = Files.writeString(tokens.resolve("one"), "miroir_0123456789abcdef");
        Path same = Files.writeString(tokens.resolve("same"), "miroir_0123456789abcdef\n");
        tenant("north", "access: {writeTokenFile: '" + one + "'}");
        tenant("south", "access: {writeTokenFile: '" + same + "'}");
        List<TenantFiles> both = read();

        assertThatThrownBy(() -> TenantFiles.requireApart(server("{}"), both))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("south")
                .hasMessageNotContaining("0123456789abcdef");
        assertThatThrownBy(() -> TenantFiles.requireApart(
                        server("access: {writeTokenFile: '" + same + "'}"), both.subList(0, 1)))
                .isInstanceOf(ConfigurationRefused.class);
        TenantFiles.requireApart(
                server("access: {writeTokenFile: '" + tokens.resolve("later") + "'}"), both.subList(0, 1));
    }

    @Test
    void tenant_thatIsCalledLikeTheBaseOfTheDirectory_isRefused() throws Exception {
        tenant("annuaire", "{}");
        List<TenantFiles> one = read();

        assertThatThrownBy(() -> TenantFiles.requireApart(server("search: {directoryPath: annuaire}"), one))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("directoryPath");
    }
}
