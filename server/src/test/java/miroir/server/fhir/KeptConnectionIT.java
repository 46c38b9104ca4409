package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import miroir.server.TestServer;
import miroir.server.fhir.RoutingTableIT.Row;
import org.junit.jupiter.api.Test;

/**
 * After every answer that does not say otherwise the connection takes another request. A client that keeps connections would find
 * it closed under what it sends next, and could not know whether that was done.
 */
final class KeptConnectionIT {
    private static final int PATIENCE = 30_000;

    /** So long an answer is waited for that comes before the body has been sent. */
    private static final int BETWEEN_HEAD_AND_BODY = 50;

    @Test
    void connections_afterEveryAnswer_takeAnotherRequestOrSaidThatTheyEnd() throws Exception {
        List<String> closed = new ArrayList<>();
        try (TestServer server = TestServer.start()) {
            for (Row row : RoutingTableIT.ROWS) {
                if (!isKept(server.port(), request(URI.create(server.base()), row), row)) {
                    closed.add(row.shown());
                }
            }
        }
        assertThat(closed).isEmpty();
    }

    private static boolean isKept(int port, String head, Row row) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
            List<String> answer = exchange(socket, in, head, row);
            assertThat(answer.get(0)).as(row.shown()).startsWith("HTTP/1.1 ");
            return answer.contains("connection: close")
                    || exchange(socket, in, head, row).get(0).startsWith("HTTP/1.1 ");
        }
    }

    private static String request(URI base, Row row) {
        StringBuilder head = new StringBuilder(row.method() + " " + base.getPath() + row.path() + " HTTP/1.1\r\n");
        head.append("Host: localhost\r\nAuthorization: Bearer ").append(TestServer.TOKEN);
        for (int i = 0; i < row.headers().size(); i += 2) {
            head.append("\r\n" + row.headers().get(i) + ": " + row.headers().get(i + 1));
        }
        head.append(row.contentType().isEmpty() ? "" : "\r\nContent-Type: " + row.contentType());
        return head.append("\r\nContent-Length: " + row.body().length() + "\r\n\r\n")
                .toString();
    }

    /** The lines of the head, once all of the answer was read; the headers in small letters. */
    private static List<String> exchange(Socket socket, PushbackInputStream in, String head, Row row)
            throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            if (!row.body().isEmpty()) {
                awaitEarlyAnswer(socket, in);
                out.write(row.body().getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException closed) {
            return List.of("closed");
        }
        List<String> answer = new ArrayList<>(List.of(line(in)));
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            answer.add(header.toLowerCase(Locale.ROOT));
        }
        if (!row.method().equals("HEAD")) {
            readBody(in, answer);
        }
        return answer;
    }

    /** Some requests are refused by their head alone. */
    private static void awaitEarlyAnswer(Socket socket, PushbackInputStream in) throws IOException {
        socket.setSoTimeout(BETWEEN_HEAD_AND_BODY);
        try {
            int first = in.read();
            if (first >= 0) {
                in.unread(first);
            }
        } catch (SocketTimeoutException later) {
            // It comes after the body.
        } finally {
            socket.setSoTimeout(PATIENCE);
        }
    }

    private static void readBody(InputStream in, List<String> answer) throws IOException {
        if (answer.contains("transfer-encoding: chunked")) {
            int chunk = Integer.parseInt(line(in), 16);
            while (chunk > 0) {
                in.skipNBytes(chunk + 2);
                chunk = Integer.parseInt(line(in), 16);
            }
            line(in);
        }
        String length = "content-length: ";
        for (String header : answer) {
            if (header.startsWith(length)) {
                in.skipNBytes(Long.parseLong(header.substring(length.length())));
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }
}
