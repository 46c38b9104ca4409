package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenConnectionTest {
    private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";

    /** A receiver that answers like this, whatever it is sent. */
    private static OpenConnection answering(String answer) throws IOException {
        Socket socket = new Socket() {
            @Override
            public InputStream getInputStream() {
                return new ByteArrayInputStream(answer.getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            public OutputStream getOutputStream() {
                return new ByteArrayOutputStream();
            }
        };
        return new OpenConnection(socket, socket);
    }

    private static Notification notification() {
        return new Notification("POST", URI.create("http://a.example/hook"), List.of(), new byte[0]);
    }

    @Test
    void interimAnswers_areReadOver_upToFive() throws Exception {
        OpenConnection connection = answering(INTERIM.repeat(5) + "HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(connection.exchange(notification())).isEqualTo(204);
        assertThat(connection.isReusable()).isTrue();

        OpenConnection endless = answering(INTERIM.repeat(6) + "HTTP/1.1 204 No Content\r\n\r\n");
        assertThatThrownBy(() -> endless.exchange(notification()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("103");
    }

    @Test
    void whatComesBehindTheStatus_doesNotTakeItBack() throws Exception {
        for (String rest : new String[] {
            "", "Content-Length: x\r\n\r\n", "Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"
        }) {
            OpenConnection connection = answering("HTTP/1.1 200 OK\r\n" + rest);
            assertThat(connection.exchange(notification())).as(rest).isEqualTo(200);
            assertThat(connection.isReusable()).as(rest).isFalse();
        }
    }
}
