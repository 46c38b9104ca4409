package miroir.war;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The WAR that is shipped, in Tomcat and in Jetty: below a path, and with no class but those that are in it. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WarIT {
    private static final String PATH = "/miroir";

    private final List<Deployed> containers = new ArrayList<>();

    @BeforeAll
    void deploy(TestDatabase database, @TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN);
        containers.add(Deployed.inTomcat(PATH, parameters(database, "_tomcat", token)));
        containers.add(Deployed.inJetty(PATH, parameters(database, "_jetty", token)));
        for (Deployed each : containers) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get(each, "/health/ready").statusCode() == 200);
        }
    }

    @AfterAll
    void stop() throws Exception {
        for (Deployed each : containers) {
            each.stop();
        }
    }

    private static Map<String, String> parameters(TestDatabase database, String suffix, Path token) {
        return Map.of(
                "MONGODB_URI",
                database.uri(),
                "MIROIR_DATABASE",
                database.name() + suffix,
                "MIROIR_HOST",
                "127.0.0.1",
                "MIROIR_WRITE_TOKEN_FILE",
                token.toString());
    }

    Stream<Deployed> containers() {
        return containers.stream();
    }

    private static URI uri(Deployed in, String path) {
        return URI.create("http://127.0.0.1:" + in.port() + PATH + path);
    }

    private static HttpResponse<String> get(Deployed in, String path) throws Exception {
        return Http.send("GET", uri(in, path));
    }

    @ParameterizedTest
    @MethodSource("containers")
    void resources_areWrittenAndFound_andLinksLeadThroughThePathOfTheContext(Deployed in) throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> written = Http.write(
                    "PUT",
                    uri(in, "/fhir/Organization/o" + i),
                    "{\"resourceType\":\"Organization\",\"id\":\"o" + i + "\",\"name\":\"Hôpital " + i + "\"}");
            assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
            assertThat(written.headers().firstValue("Location").orElse(""))
                    .startsWith(
                            uri(in, "/fhir/Organization/o" + i + "/_history/1").toString());
        }

        String page = get(in, "/fhir/Organization?name=hopital&_count=2").body();
        assertThat(page)
                .contains("\"fullUrl\":\"" + uri(in, "/fhir/Organization/o0"))
                .contains("Hôpital 1");
        String next = page.replaceAll("(?s).*\"relation\":\"next\",\"url\":\"([^\"]*)\".*", "$1");
        assertThat(Http.send("GET", URI.create(next)).body())
                .contains("Hôpital 2")
                .doesNotContain("Hôpital 1");
    }

    @ParameterizedTest
    @MethodSource("containers")
    void pages_findTheirStylesAndEachOther(Deployed in) throws Exception {
        HttpResponse<String> home = get(in, "/");
        assertThat(home.statusCode()).as(home.body()).isEqualTo(200);
        assertThat(home.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        List<String> linked = links(home.body());
        assertThat(linked).as(home.body()).isNotEmpty().allMatch(link -> link.startsWith(PATH + "/"));
        for (String link : linked) {
            URI uri = URI.create("http://127.0.0.1:" + in.port() + link.replace("&amp;", "&"));
            assertThat(Http.send("GET", uri).statusCode()).as(link).isIn(200, 303);
        }
    }

    /** Those into this server. */
    private static List<String> links(String page) {
        return Pattern.compile("(?:href|src|action)=\"(/[^\"#]*)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("containers")
    void failures_areOutcomes_alsoWhereNothingIs(Deployed in) throws Exception {
        assertThat(get(in, "/fhir/Organization?nom=x").statusCode()).isEqualTo(400);
        for (String path : List.of("/nothing", "/fhir/Organization/none", "/fhir/Nothing/1", "/health/nothing")) {
            HttpResponse<String> answer = get(in, path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("\"OperationOutcome\"");
            assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .contains("nosniff");
        }
        HttpResponse<String> refused =
                Http.send("PUT", uri(in, "/fhir/Organization/x"), "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(refused.statusCode()).isEqualTo(401);
    }

    /** What the file says of an address is about our own server, and not about the container. */
    @ParameterizedTest
    @ValueSource(strings = {"", "listen: {address: 127.0.0.1}\n"})
    void deploy_openToWhomeverTheContainerListensTo_isRefused(String own, TestDatabase database, @TempDir Path folder)
            throws Exception {
        Map<String, String> open =
                new HashMap<>(Map.of("MONGODB_URI", database.uri(), "MIROIR_DATABASE", database.name() + "_open"));
        if (!own.isEmpty()) {
            Files.writeString(folder.resolve("server.yaml"), own);
            open.put("MIROIR_CONF", folder.toString());
        }
        assertThatThrownBy(() -> Deployed.inJetty(PATH, open))
                .hasStackTraceContaining("access.openBeyondLoopback")
                .hasStackTraceContaining("Miroir cannot be deployed");
    }

    /** Containers find their way through such paths; whoever decides about rights must not see another one than they do. */
    @ParameterizedTest
    @MethodSource("containers")
    void paths_thatLeadToUsInAnotherWay_areRefused(Deployed in) throws Exception {
        for (String path : List.of(
                "/abc/../miroir/fhir/Organization",
                "/miroir/x/../fhir/Organization",
                "//miroir/fhir/Organization",
                "/miroir;x/fhir/Organization",
                "/mir%6Fir/fhir/Organization",
                "/miroir/./fhir/Organization")) {
            assertThat(raw(in, path))
                    .as(path)
                    .matches("(?s)HTTP/1.1 (400|404) .*")
                    .doesNotContain("\"Bundle\"");
        }
        assertThat(raw(in, PATH + "/fhir/Organization")).startsWith("HTTP/1.1 200");
    }

    /** As curl sends it. */
    private static String raw(Deployed in, String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), in.port())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("containers")
    void query_asItIsTyped_isUnderstood(Deployed in) throws Exception {
        assertThat(raw(in, PATH + "/fhir/Organization?identifier=http://x.org|1"))
                .startsWith("HTTP/1.1 200");
    }

    /** But for one thread of MongoDB's driver, which nobody can end: so a container is started anew instead, as the documentation says. */
    @Test
    void undeploy_endsWhatWasBegun(TestDatabase database, @TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Deployed container = Deployed.inTomcat(PATH, parameters(database, "_undeployed", token));
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get(container, "/health/ready").statusCode() == 200);
            container.undeploy();
        } finally {
            container.stop();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> !before.contains(thread) && thread.isAlive())
                        .filteredOn(thread -> !thread.getName()
                                .matches("HttpClient.*|ForkJoinPool.*|qtp.*|awaitility.*|BufferPoolPruner.*"))
                        .isEmpty());
    }
}
