package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import miroir.server.configuration.ServerConfiguration;
import org.junit.jupiter.api.Test;

class ApplicationTest {

    @Test
    void settings_haveTheDeadlineOfSearches() {
        ServerConfiguration configuration =
                ServerConfiguration.read("test.yaml", "search: {deadline: 60s}", Map.<String, String>of()::get);

        assertThat(Application.settings(configuration).searchDeadline()).isEqualTo(Duration.ofSeconds(60));
    }
}
