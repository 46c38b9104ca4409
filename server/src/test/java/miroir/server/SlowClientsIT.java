package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Clients that say little, take long, or listen to nothing, beside one that only wants its answer. */
final class SlowClientsIT {
    private static final int IDLE = 500;
    private static final Duration TRICKLE = Duration.ofMillis(20);
    private static final String LARGEST_RATE = "1024MB";
    private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("miroir.access");

    @Test
    @Tag("smoke")
    void connections_manyThatSayNothingMore_leaveTheOthersAlone() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (TestServer server = TestServer.start("limits: {threads: 16}")) {
            for (int i = 0; i < IDLE; i++) {
                silent.add(connect(server, "GET /fhir/Practitioner HTTP/1.1\r\nHost: loc"));
            }

            assertThat(Http.send("GET", server.uri("/fhir/Practitioner")).statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Each byte begins the idle time anew; the rate is one that nobody reaches. */
    @Test
    void body_thatTricklesIn_isRefused() throws Exception {
        try (TestServer server = TestServer.start("limits: {idle: 1s, requestRate: " + LARGEST_RATE + "}");
                Socket socket = connect(
                        server,
                        "PUT /fhir/Practitioner/p HTTP/1.1\r\nHost: localhost\r\n"
                                + "Authorization: Bearer " + TestServer.TOKEN
                                + "\r\nContent-Type: application/fhir+json\r\n"
                                + "Content-Length: 1000000\r\n\r\n{")) {
            await().pollInterval(TRICKLE).until(() -> {
                trickle(socket);
                return socket.getInputStream().available() > 0;
            });

            assertThat(readAll(socket)).startsWith("HTTP/1.1 408").contains("OperationOutcome");
        }
    }

    /** On a connection that was just opened, and on one that has been answered before. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    void headers_thatTrickleIn_endWithTheConnection(String before) throws Exception {
        try (TestServer server = TestServer.start("limits: {idle: 1s}");
                Socket socket = connect(server, before + "GET /fhir/Practitioner HTTP/1.1\r\nX-Long: ")) {
            await().pollInterval(TRICKLE).until(() -> isClosedForTrickle(socket));
        }
    }

    @Test
    void connections_beyondTheLimit_waitToBeAccepted() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (TestServer server = TestServer.start("limits: {connections: 5}")) {
            assertThat(openConnections(server)).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                silent.add(connect(server, "GET"));
            }
            await().until(() -> openConnections(server) >= 5);

            for (int i = 0; i < 50; i++) {
                assertThat(openConnections(server)).isLessThanOrEqualTo(6);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void body_thatStops_isRefused() throws Exception {
        try (TestServer server = TestServer.start("limits: {idle: 1s}");
                Socket socket = connect(
                        server,
                        "PUT /fhir/Practitioner/p HTTP/1.1\r\nHost: localhost\r\n"
                                + "Authorization: Bearer " + TestServer.TOKEN
                                + "\r\nContent-Type: application/fhir+json\r\n"
                                + "Content-Length: 100\r\n\r\n{\"resourceType\":")) {
            assertThat(readAll(socket)).startsWith("HTTP/1.1 408").contains("OperationOutcome");
        }
    }

    /** Pauses of the JVM are no slowness of the client, however few bytes an answer has. */
    @Test
    void answer_thatIsSmall_isNotHeldAgainstARate() throws Exception {
        try (TestServer server = TestServer.start("limits: {answerRate: " + LARGEST_RATE + "}")) {
            for (int i = 0; i < 100; i++) {
                assertThat(Http.send("GET", server.uri("/fhir/Practitioner/none"))
                                .statusCode())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void body_thatEndsEarly_isNoFailureOfTheServer() throws Exception {
        try (TestServer server = TestServer.start()) {
            Socket socket = connect(
                    server,
                    "PUT /fhir/Practitioner/p HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer " + TestServer.TOKEN
                            + "\r\nContent-Type: application/fhir+json\r\n"
                            + "Content-Length: 100\r\n\r\n{\"resourceType\":");
            socket.shutdownOutput();
            String answer = readAll(socket);
            socket.close();

            assertThat(answer).startsWith("HTTP/1.1 400");
        }
    }

    /** More than the buffers of both ends hold, and a client that does not read: its connection ends. */
    @Test
    void answer_thatIsTakenInSips_endsWithTheConnection() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        ACCESS.addAppender(log);
        String name = "x".repeat(1 << 20);
        try (TestServer server = TestServer.start("limits: {idle: 1s, answerRate: " + LARGEST_RATE + "}")) {
            for (int i = 0; i < 8; i++) {
                assertThat(Http.write(
                                        "PUT",
                                        server.uri("/fhir/Organization/o" + i),
                                        "{\"resourceType\":\"Organization\",\"id\":\"o" + i + "\",\"name\":\"" + name
                                                + "\"}",
                                        "Prefer",
                                        "return=minimal")
                                .statusCode())
                        .isEqualTo(201);
            }
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
                send(socket, "GET /fhir/Organization HTTP/1.1\r\nHost: localhost\r\n\r\n");
                await().pollInterval(TRICKLE).until(() -> {
                    sip(socket);
                    return requestsInMetrics(server) == 1;
                });
            }
            assertThat(log.list)
                    .anySatisfy(line -> assertThat(line.getKeyValuePairs())
                            .contains(new KeyValuePair("interaction", "search-type"), new KeyValuePair("aborted", true))
                            .filteredOn(pair -> pair.key.equals("bytes"))
                            .allSatisfy(bytes -> assertThat((long) bytes.value).isLessThan(8 << 20)));
        } finally {
            ACCESS.detachAppender(log);
        }
    }

    /** A request is counted when it is over. */
    private static long requestsInMetrics(TestServer server) throws Exception {
        return Http.send("GET", server.uri("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("miroir_requests_total") && line.contains("search-type"))
                .count();
    }

    private static double openConnections(TestServer server) throws Exception {
        return Http.send("GET", server.uri("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("miroir_connections "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    /** A letter of a header at a time; what was answered before is read away. */
    private static boolean isClosedForTrickle(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write('x');
            socket.getOutputStream().flush();
            socket.getInputStream().skipNBytes(socket.getInputStream().available());
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static void trickle(Socket socket) {
        try {
            socket.getOutputStream().write(' ');
            socket.getOutputStream().flush();
        } catch (IOException closed) {
            // The answer is there.
        }
    }

    private static void sip(Socket socket) {
        try {
            socket.getInputStream().readNBytes(1000);
        } catch (IOException closed) {
            // That was the last of it.
        }
    }

    private static Socket connect(TestServer server, String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        send(socket, request);
        return socket;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
