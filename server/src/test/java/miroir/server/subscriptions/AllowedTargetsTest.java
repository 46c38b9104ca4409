package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedTargetsTest {
    private final AllowedTargets none = new AllowedTargets(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.9.9.9:99/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/latest",
                "http://100.64.0.1/",
                "http://0.0.0.0/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://[::1]/",
                "http://[::]/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://[ff02::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://localhost/",
                "http://LOCALHOST./",
                "http://a.localhost/"
            })
    void whatIsNotOfThePublicInternet_isRefused(String url) {
        assertThat(none.refusal(URI.create(url))).isPresent();
        assertThatThrownBy(() -> none.resolve(URI.create(url))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://1.1.1.1/", "https://[2606:4700::1111]/", "https://example.org/x"})
    void whatIsOfThePublicInternet_isAllowed(String url) {
        assertThat(none.refusal(URI.create(url))).isEmpty();
    }

    @Test
    void whatIsNamed_isAllowed_andNothingBeside() throws Exception {
        AllowedTargets some = new AllowedTargets(List.of("10.1.0.0/16", "127.0.0.1", "localhost"));

        assertThat(some.refusal(URI.create("http://10.1.2.3/"))).isEmpty();
        assertThat(some.refusal(URI.create("http://10.2.2.3/"))).isPresent();
        assertThat(some.resolve(URI.create("http://127.0.0.1:8/")).getHostAddress())
                .isEqualTo("127.0.0.1");
        assertThat(some.refusal(URI.create("http://localhost/"))).isEmpty();
        assertThat(some.resolve(URI.create("http://localhost/")).isLoopbackAddress())
                .isTrue();
    }
}
