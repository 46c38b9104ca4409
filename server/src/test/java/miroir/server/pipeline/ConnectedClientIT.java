package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a client is there, who says nothing. */
final class ConnectedClientIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private ServerSocketChannel listening;
    private Socket socket;
    private SocketChannel accepted;
    private ConnectedClient client;

    @BeforeEach
    void connect() throws Exception {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress address = (InetSocketAddress) listening.getLocalAddress();
        socket = new Socket(address.getAddress(), address.getPort());
        accepted = listening.accept();
        accepted.configureBlocking(false);
        client = new ConnectedClient(accepted);
    }

    @AfterEach
    void disconnect() throws Exception {
        accepted.close();
        socket.close();
        listening.close();
    }

    @Test
    void whoWaits_isThere() {
        assertThat(client.isGone()).isFalse();
        assertThat(new ConnectedClient(null).isGone()).isFalse();
    }

    @Test
    void whoClosesOrIsKilled_hasGone() throws Exception {
        socket.close();
        await().atMost(SOON).until(client::isGone);
    }

    @Test
    void whoResets_hasGone() throws Exception {
        socket.setSoLinger(true, 0);
        socket.close();
        await().atMost(SOON).until(client::isGone);
    }

    /** The next request stays for who reads it, and who waits for that is told of it. */
    @Test
    void whoSentMore_isThere_andNothingIsTakenAway() throws Exception {
        try (Selector another = Selector.open()) {
            accepted.register(another, SelectionKey.OP_READ);
            socket.getOutputStream().write('x');
            assertThat(another.select(SOON.toMillis())).isEqualTo(1);

            assertThat(client.isGone()).isFalse();

            another.selectedKeys().clear();
            assertThat(another.select(SOON.toMillis())).isEqualTo(1);
            ByteBuffer read = ByteBuffer.allocate(2);
            assertThat(accepted.read(read)).isEqualTo(1);
            assertThat(client.isGone()).isFalse();
        }
    }

    @Test
    void whatIsClosedHere_hasGone() throws Exception {
        accepted.close();
        assertThat(client.isGone()).isTrue();
    }
}
