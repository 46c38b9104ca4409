package miroir.sync.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that remembers what it was asked: it fetches what it is given the whole address of, and digs tunnels. */
public final class LittleProxy implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    public LittleProxy() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inBackground(this::serve);
    }

    /** As it is configured. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The request line and headers of each request. */
    public List<String> heads() {
        return heads;
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                inBackground(() -> handle(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void handle(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            String[] request = head.split(" ", -1);
            URI target = URI.create(request[0].equals("CONNECT") ? "tunnel://" + request[1] : request[1]);
            try (Socket to = new Socket(target.getHost(), target.getPort())) {
                if (request[0].equals("CONNECT")) {
                    write(client.getOutputStream(), "HTTP/1.1 200 OK\r\n\r\n");
                    inBackground(() -> pump(client, to));
                } else {
                    String path = target.getRawPath() + "?" + target.getRawQuery();
                    write(to.getOutputStream(), head.replaceFirst(" \\S+ ", " " + path.replace("$", "\\$") + " "));
                }
                pump(to, client);
            }
        } catch (IOException e) {
            // whoever asked has gone
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int each = in.read();
            if (each < 0) {
                throw new IOException("no request");
            }
            head.write(each);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of them has gone
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
