package miroir.sync.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A proxy that asks everybody who they are, tells a test what whoever says it asked, and lets nobody through. */
final class TellingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final Consumer<String> heads;

    private TellingProxy(ServerSocket server, Consumer<String> heads) {
        this.server = server;
        this.heads = heads;
    }

    static TellingProxy start(Consumer<String> heads) {
        try {
            TellingProxy proxy = new TellingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), heads);
            Thread thread = new Thread(proxy::serve, "proxy");
            thread.setDaemon(true);
            thread.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                String head = head(socket);
                boolean known = head.contains("Proxy-Authorization");
                if (known) {
                    heads.accept(head);
                }
                String said = known ? "502 x" : "407 x\r\nProxy-Authenticate: Basic realm=x";
                String answer = "HTTP/1.1 " + said + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // closed, or whoever asked has gone
            }
        }
    }

    private static String head(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
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
