package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Whether who waits for an answer is still there, for who has nothing to send him.
 *
 * <p>The problem: a server learns that a client has gone when it writes to him, or reads from him. While an answer is made nobody reads, and where nothing can stand between two rows nothing can be written
 * either. To read would take bytes of a next request away from Jetty, whose they are.
 *
 * <p>The approach: a selector of our own is asked whether something could be read, and then the channel how much. Something that is nothing is the end of what the client sends: he has closed the
 * connection, or it was reset. Neither takes anything out of it, and Jetty's selector, which watches the same channel, does not notice.
 *
 * <p>The cost: a selector for a moment, which is two file descriptors. Whoever has sent another request already, or has said farewell within TLS, has sent something that is not read: of him nothing is known, and
 * he is taken to be there. Who closes his half and goes on reading is taken to have gone; browsers and libraries do not do that.
 */
public final class ConnectedClient {
    /** Where a request has it. */
    public static final String ATTRIBUTE = ConnectedClient.class.getName();

    private final @Nullable SocketChannel channel;

    /** One at the other end of a channel; null: it is not known where he is. */
    public ConnectedClient(@Nullable SocketChannel channel) {
        this.channel = channel;
    }

    static ConnectedClient of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ConnectedClient known ? known : new ConnectedClient(null);
    }

    boolean isGone() {
        SocketChannel known = channel;
        return known != null && (!known.isOpen() || hasEnded(known));
    }

    private static boolean hasEnded(SocketChannel channel) {
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            return selector.selectNow() > 0 && channel.socket().getInputStream().available() == 0;
        } catch (IOException e) {
            return !channel.isOpen();
        }
    }
}
