package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {

    @Test
    void settings_haveTheDeadlineOfSearches() {
        ServerConfiguration configuration =
                ServerConfiguration.read("test.yaml", "search: {deadline: 60s}", Map.<String, String>of()::get);

        assertThat(Application.settings(configuration).searchDeadline()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void versions_areKeptForAsLongAsExportsAndLinksNeedThem() {
        ServerConfiguration exports = ServerConfiguration.read(
                "test.yaml", "export: {expiry: 48h}\nhistory: {versions: 1}", Map.<String, String>of()::get);
        ServerConfiguration links = ServerConfiguration.read(
                "test.yaml", "export: {expiry: 1h}\nsearch: {linkExpiry: 36h}", Map.<String, String>of()::get);

        assertThat(linksLast(exports)).isEqualTo(Duration.ofDays(2));
        assertThat(linksLast(links)).isEqualTo(Duration.ofHours(36));
    }

    private static Duration linksLast(ServerConfiguration configuration) {
        return Objects.requireNonNull(Application.settings(configuration).upkeep())
                .linksLast();
    }

    /** What is wrong with a file is known at once; a database may be away, and what it searches takes a while to find out. */
    @Test
    void certificate_isReadBeforeAnythingElse(@TempDir Path folder) {
        ServerConfiguration configuration = ServerConfiguration.read(
                "test.yaml",
                "listen: {tls: {certificate: none.pem, key: none.pem}}\ndatabase: {uri: nonsense}",
                Map.<String, String>of()::get);

        assertThatThrownBy(() ->
                        Application.start(configuration, folder, said -> {}).close())
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageStartingWith("none.pem: cannot be read: there is no such file");
    }
}
