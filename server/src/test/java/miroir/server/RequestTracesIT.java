package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector is told of requests. */
final class RequestTracesIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private HttpServer collector;

    @BeforeEach
    void collect() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Token")));
            // Each byte is a letter: names stand in it as they are.
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private String yaml(String more) {
        return "tracing:\n  endpoint: http://127.0.0.1:"
                + collector.getAddress().getPort() + "/\n  headers: X-Token=secret\n" + more;
    }

    private static void ask(TestServer server, String query, String... headers) throws Exception {
        Http.send("GET", URI.create(server.base() + query), headers);
    }

    @Test
    void requests_withTheirSteps_areTold_withoutWhatWasAskedFor() throws Exception {
        try (TestServer server = TestServer.start(yaml("  service: directory-of-somewhere\n"))) {
            ask(server, "/Practitioner?family=confidential", "X-Request-Id", "request-of-this-test");
            ask(server, "/Practitioner/confidential");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> String.join("", told).contains("read Practitioner"));
        }

        String all = String.join("", told);
        assertThat(all)
                .contains("directory-of-somewhere", "search-type Practitioner", "read Practitioner")
                .contains("request-of-this-test", "pipeline", "parse", "store", "write")
                .doesNotContain("confidential");
        assertThat(tokens).isNotEmpty().containsOnly("secret");
    }

    @Test
    void requests_ofATrace_becomePartsOfIt() throws Exception {
        try (TestServer server = TestServer.start(yaml(""))) {
            ask(server, "/metadata", "traceparent", "00-" + TRACE + "-" + CALLER + "-01");
            await().atMost(Duration.ofMinutes(1)).until(() -> !told.isEmpty());
        }

        assertThat(String.join("", told)).contains(bytes(TRACE), bytes(CALLER));
    }

    @Test
    void requests_thatWhoCalledDoesNotTell_areNotTold() throws Exception {
        try (TestServer server = TestServer.start(yaml(""))) {
            ask(server, "/metadata", "traceparent", "00-" + TRACE + "-" + CALLER + "-00");
            ask(server, "/Practitioner/told");
            await().atMost(Duration.ofMinutes(1)).until(() -> !told.isEmpty());
        }

        assertThat(String.join("", told)).contains("read Practitioner").doesNotContain(bytes(TRACE), "capabilities");
    }

    @Test
    void requests_ofWhichNoneIsSampled_areNotTold() throws Exception {
        try (TestServer server = TestServer.start(yaml("  sampled: 0\n"))) {
            ask(server, "/metadata");
        }

        assertThat(told).isEmpty();
    }

    @Test
    void requests_whileTheCollectorIsAway_areAnswered() throws Exception {
        try (TestServer server = TestServer.start(yaml(""))) {
            collector.stop(0);
            for (int i = 0; i < 100; i++) {
                assertThat(Http.send("GET", URI.create(server.base() + "/metadata"))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void accessLog_ofWhatIsTold_hasItsTrace() throws Exception {
        LoggedAccess log = LoggedAccess.begin();
        try (TestServer server = TestServer.start(yaml(""))) {
            ask(server, "/metadata", "traceparent", "00-" + TRACE + "-" + CALLER + "-01", "X-Request-Id", "traced");
            await().untilAsserted(() -> assertThat(log.of("traced"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.getKeyValuePairs().toString()).contains(TRACE)));
        } finally {
            log.end();
        }
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
