package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.junit.jupiter.api.Test;

final class SentInPartsTest {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private boolean isBroken;

    private final ServletOutputStream out = new ServletOutputStream() {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(int one) throws IOException {
            if (isBroken) {
                throw new IOException("broken pipe");
            }
            taken.write(one);
        }
    };

    private final HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
            HttpServletResponse.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getOutputStream" -> out;
                case "isCommitted" -> true;
                case "flushBuffer" -> null;
                default -> throw new UnsupportedOperationException(method.getName());
            });

    /** Of whom it is known that he has closed his side. */
    private static Exchange ofWhoHasGone() throws IOException {
        SocketChannel closed = SocketChannel.open();
        closed.close();
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> ConnectedClient.ATTRIBUTE.equals(arguments == null ? "" : arguments[0])
                        ? new ConnectedClient(closed)
                        : null);
        return Exchange.hosted(request, new Route(Interaction.RUN_VIEW, "", ""), List.of(), "http://localhost/fhir");
    }

    /** Some close their side before they read. */
    @Test
    void completeAnswer_isNotCut_whateverTheClientClosed() throws Exception {
        SentInParts.send(ofWhoHasGone(), response, sent -> {
            // No row is found.
        });
        SentInParts.send(ofWhoHasGone(), response, sent -> sent.buffer().putByte('a'));

        assertThat(taken.toString(StandardCharsets.US_ASCII)).isEqualTo("a");
    }

    @Test
    void bytes_areThoseThatWereSent() throws Exception {
        SentInParts.send(ofWhoHasGone(), response, sent -> {
            while (sent.bytes() == 0) {
                sent.buffer().putByte('a');
                sent.partDone();
            }
            assertThat(sent.bytes()).isEqualTo(taken.size());
            sent.buffer().putByte('b');
            sent.partDone();
            assertThat(sent.bytes()).isEqualTo(taken.size());
        });
        assertThat(taken.toString(StandardCharsets.US_ASCII)).endsWith("ab");
    }

    @Test
    void answer_thatCannotBeSent_isCut_andNotCounted() throws Exception {
        isBroken = true;
        assertThatThrownBy(() -> SentInParts.send(ofWhoHasGone(), response, sent -> {
                    sent.buffer().putByte('a');
                    assertThat(sent.bytes()).isZero();
                }))
                .isInstanceOf(CutAnswer.class);
    }
}
