package miroir.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import miroir.storage.testing.TestDatabase;

/** Before a database: while it is shut, the database is out of order for whoever goes through it, and for nobody else. */
final class DatabaseGate implements AutoCloseable {
    private final InetSocketAddress database;
    private final InetSocketAddress gate;
    private final List<Socket> connections = new ArrayList<>();
    private ServerSocket entry;

    DatabaseGate(TestDatabase database) throws IOException {
        URI uri = URI.create(database.uri());
        this.database = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.gate = new InetSocketAddress(InetAddress.getLoopbackAddress(), entry.getLocalPort());
        letIn(entry);
    }

    /** For the driver: this way, and no other that the database might tell it. */
    String uri() {
        return "mongodb://127.0.0.1:" + gate.getPort() + "/?directConnection=true";
    }

    /** Ends all connections, and takes no new ones. */
    synchronized void shut() throws IOException {
        entry.close();
        for (Socket connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    synchronized void open() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(gate);
        entry = again;
        letIn(again);
    }

    private void letIn(ServerSocket through) {
        daemon(() -> {
            while (true) {
                Socket client = through.accept();
                Socket behind = new Socket(database.getAddress(), database.getPort());
                keep(client, behind);
                daemon(() -> pass(client, behind));
                daemon(() -> pass(behind, client));
            }
        });
    }

    private synchronized void keep(Socket client, Socket behind) throws IOException {
        if (entry.isClosed()) {
            client.close();
            behind.close();
        }
        connections.addAll(List.of(client, behind));
    }

    private static void pass(Socket from, Socket to) throws IOException {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        }
    }

    /** Something that ends with its connection. */
    private interface Passing {
        void go() throws IOException;
    }

    private static void daemon(Passing passing) {
        Thread thread = new Thread(
                () -> {
                    try {
                        passing.go();
                    } catch (IOException e) {
                        // It was closed.
                    }
                },
                "gate");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
