package miroir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpConnectionIT {
    private static final String KEPT = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
    private static final String LAST =
            "HTTP/1.1 503 No\r\nConnection: close\r\nRetry-After: 2\r\nContent-Length: 1\r\n\r\n";

    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    @Test
    void get_afterAnAnswerThatWasTheLast_connectsAgain() throws Exception {
        Future<?> served = serve(List.of(LAST + "a"), List.of(KEPT + "b"));

        try (HttpConnection connection = new HttpConnection(server.getLocalPort())) {
            assertThat(connection.get("/")).isEqualTo(503);
            assertThat(connection.saysWhenToRetry()).isTrue();
            assertThat(connection.get("/")).isEqualTo(200);
            assertThat(connection.saysWhenToRetry()).isFalse();
            assertThat(connection.body()).isEqualTo("b");
        }
        served.get();
    }

    @Test
    void get_whereAKeptConnectionWasClosed_connectsAgain() throws Exception {
        Future<?> served = serve(List.of(KEPT + "a"), List.of("HTTP/1.0 200 OK\r\n\r\nto the end"));

        try (HttpConnection connection = new HttpConnection(server.getLocalPort())) {
            assertThat(connection.get("/")).isEqualTo(200);
            assertThat(connection.get("/")).isEqualTo(200);
            assertThat(connection.body()).isEqualTo("to the end");
        }
        served.get();
    }

    @Test
    void get_whereANewConnectionIsClosed_fails() throws Exception {
        Future<?> served = serve(List.of(""));

        try (HttpConnection connection = new HttpConnection(server.getLocalPort())) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> connection.get("/"));
        }
        served.get();
    }

    /** On one connection after the other, an answer to each request, and then the end. */
    @SafeVarargs
    private Future<?> serve(List<String>... connections) {
        return threads.submit(() -> {
            for (List<String> answers : connections) {
                answer(answers);
            }
            return null;
        });
    }

    private void answer(List<String> answers) throws IOException {
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String answer : answers) {
                for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
                    line = in.readLine();
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
