package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what a client knows its requests again (R4, http.html#custom). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestIdIT {
    private static final String OURS = "[0-9a-f]{16}";

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none            | none         | ours    | none
            mine-1          | none         | mine-1  | none
            mine-1          | urn:uuid:7   | mine-1  | urn:uuid:7
            none            | work <1> "a" | ours    | work<1>"a"
            urn:uuid:1 x    | none         | ours    | urn:uuid:1x
            urn:uuid:1      | work         | ours    | work
            """)
    void ids_thatAreSent_areAnswered(String requestId, String correlationId, String answered, String correlated)
            throws Exception {
        for (String path : List.of("/fhir/metadata", "/fhir/Practitioner/none", "/health/live")) {
            List<String> headers = new ArrayList<>();
            if (requestId != null) {
                headers.addAll(List.of("X-Request-Id", requestId));
            }
            if (correlationId != null) {
                headers.addAll(List.of("X-Correlation-Id", correlationId));
            }
            HttpResponse<String> answer = Http.send("GET", server.uri(path), headers.toArray(String[]::new));

            assertThat(answer.headers().allValues("X-Request-Id"))
                    .singleElement()
                    .asString()
                    .matches(answered.equals("ours") ? OURS : answered);
            assertThat(answer.headers().allValues("X-Correlation-Id"))
                    .isEqualTo(correlated == null ? List.of() : List.of(correlated));
        }
    }

    @Test
    void ids_thatAreLong_areCut() throws Exception {
        HttpResponse<String> answer = Http.send(
                "GET",
                server.uri("/health/live"),
                "X-Request-Id",
                "r".repeat(65),
                "X-Correlation-Id",
                "c".repeat(1000));

        assertThat(answer.headers().firstValue("X-Request-Id").orElse("")).matches(OURS);
        assertThat(answer.headers().firstValue("X-Correlation-Id")).contains("c".repeat(128));
    }
}
