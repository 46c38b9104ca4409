package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import miroir.server.configuration.ServerConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecurityHeadersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            listen: {port: 0}                                                | -
            listen: {tls: {certificate: a.pem, key: b.pem}}                  | max-age=31536000
            listen: {tls: {certificate: a.pem, key: b.pem, hsts: 0s}}        | -
            listen: {tls: {certificate: a.pem, key: b.pem, hsts: 1500ms}}    | max-age=1
            """)
    void browsers_areToldToStayWithHttps_onlyThereAndForAsLongAsIsConfigured(String yaml, String said) {
        Map<String, String> headers = new HashMap<>();
        new SecurityHeaders(ServerConfiguration.read("test.yaml", yaml, Map.<String, String>of()::get)
                        .listen())
                .set(headers::put);

        assertThat(headers.get("Strict-Transport-Security")).isEqualTo(said);
    }
}
