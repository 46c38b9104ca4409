package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.pipeline.RequestPipeline;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.ee10.servlet.FilterMapping;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.ee10.servlet.ServletMapping;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is mounted, of whichever tenant, is behind {@link RequestPipeline}: nothing answers that was not decided upon. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MountedIT {
    /** Those that pass requests on, or end connections, and answer nothing themselves; and the containers of servlets. */
    private static final Set<Class<? extends Handler>> KNOWN = Set.of(
            GracefulHandler.class,
            RequestDeadline.class,
            LeastRates.class,
            ShowClients.class,
            CompressionHandler.class,
            ChooseTenant.class,
            ServletContextHandler.class,
            ServletHandler.class);

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY");

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.besideNorth("search: {directoryPath: annuaire}", database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private List<ServletContextHandler> contexts() {
        return server.handlers().getDescendants(ServletContextHandler.class);
    }

    @Test
    void handlers_all_areThoseThatAnswerNothing_andContainersOfServlets() {
        assertThat(server.handlers().getDescendants())
                .extracting(Object::getClass)
                .isSubsetOf(KNOWN);
        assertThat(contexts()).as("the server's own, and north").hasSize(2);
    }

    @Test
    void container_ofEachTenant_hasThePipelineBeforeEverythingThatAnswers() {
        for (ServletContextHandler context : contexts()) {
            FilterMapping[] filters = context.getServletHandler().getFilterMappings();
            assertThat(filters).allSatisfy(filter -> {
                assertThat(filter.getPathSpecs()).containsExactly("/*");
                assertThat(filter.getServletNames()).isNullOrEmpty();
            });
            assertThat(Arrays.stream(filters)
                            .map(filter -> context.getServletHandler()
                                    .getFilter(filter.getFilterName())
                                    .getFilter()))
                    .as("what takes off a path what is not ours answers nothing")
                    .<Class<?>>map(Object::getClass)
                    .containsExactly(OwnPath.class, RequestPipeline.class);
        }
    }

    private Set<String> mapped() {
        return contexts().stream()
                .flatMap(context -> Arrays.stream(context.getServletHandler().getServletMappings()))
                .map(ServletMapping::getPathSpecs)
                .flatMap(Arrays::stream)
                .collect(Collectors.toSet());
    }

    @Test
    void everythingMounted_answersThroughThePipeline() throws Exception {
        assertThat(mapped())
                .contains(
                        "/",
                        "/fhir/*",
                        "/admin/api/*",
                        "/admin/do/*",
                        "/admin/events",
                        "/admin/*",
                        "/assets/*",
                        "/health/*",
                        "/metrics");
        for (String prefix : List.of("", "/north", "/annuaire")) {
            for (String path : mapped().stream().flatMap(MountedIT::paths).toList()) {
                for (String method : METHODS) {
                    String asked = method + " " + prefix + path;
                    String answer = send(asked, "127.0.0.1");
                    assertThat(answer)
                            .as(asked)
                            .contains("\r\nX-Request-Id: mounted-1\r\n", "\r\nX-Content-Type-Options: nosniff\r\n")
                            .doesNotContain("\tat ");
                    assertThat(send(asked, "elsewhere.example"))
                            .as("%s of a foreign host", asked)
                            .startsWith("HTTP/1.1 403 ")
                            .contains("\r\nX-Request-Id: mounted-1\r\n");
                }
            }
        }
    }

    /** What a mapping is for, and something below it. */
    private static Stream<String> paths(String mapping) {
        if (mapping.equals("/")) {
            return Stream.of("/", "/favicon.ico", "/nowhere/at-all");
        }
        return mapping.endsWith("/*")
                ? Stream.of(mapping.substring(0, mapping.length() - 2), mapping.replace("*", "x"))
                : Stream.of(mapping);
    }

    private String send(String asked, String host) throws Exception {
        String request = asked + " HTTP/1.1\r\nHost: " + host
                + "\r\nX-Request-Id: mounted-1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
