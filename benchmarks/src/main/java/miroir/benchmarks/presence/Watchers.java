package miroir.benchmarks.presence;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Browsers that look at the console: streams of events that one thread takes, and throws away. */
final class Watchers implements AutoCloseable {
    /** What they look at, one after the other. */
    private static final List<String> PARTS = List.of(
            "synchronisations",
            "sources",
            "synchronisations",
            "types",
            "synchronisations",
            "consumers",
            "settings",
            "audit",
            "exports",
            "load:10m");

    private final Selector selector;
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread = new Thread(this::take, "watchers");

    private Watchers(Selector selector) {
        this.selector = selector;
    }

    /**
     * So many of them.
     *
     * @param cookies of whoever is logged in: no session may have many streams
     */
    static Watchers open(int count, int port, List<String> cookies) throws IOException {
        Watchers watchers = new Watchers(Selector.open());
        for (int i = 0; i < count; i++) {
            String request = request(port, cookies.get(i % cookies.size()), PARTS.get(i % PARTS.size()));
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            ByteBuffer all = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (all.hasRemaining()) {
                channel.write(all);
            }
            channel.configureBlocking(false);
            channel.register(watchers.selector, SelectionKey.OP_READ);
        }
        watchers.thread.setDaemon(true);
        watchers.thread.start();
        return watchers;
    }

    private static String request(int port, String cookie, String part) {
        return "GET /admin/events?page=/admin&of=" + part + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nAccept: text/event-stream\r\nCookie: " + cookie + "\r\n\r\n";
    }

    private void take() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (selector.isOpen()) {
                selector.select(key -> take(key, buffer));
            }
        } catch (IOException | RuntimeException closed) {
            // Nobody looks any more.
        }
    }

    private void take(SelectionKey key, ByteBuffer buffer) {
        buffer.clear();
        try {
            int read = ((SocketChannel) key.channel()).read(buffer);
            if (read < 0) {
                key.cancel();
            } else {
                bytes.addAndGet(read);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    /** What all of them were sent. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
