package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
