package miroir.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import miroir.server.ServerMain;

/** The server as it is shipped, with the shipped configuration, in a process of its own. */
public record ShippedServer(Process process, int port) implements AutoCloseable {
    /** Of its JVM: those of the image, with half of the heap. */
    public static final List<String> OPTIONS = List.of(
            "-Xms64m",
            "-Xmx512m",
            "-XX:+UseG1GC",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=30",
            "-XX:G1PeriodicGCInterval=30000");

    /**
     * Starts one and waits until searches are answered.
     *
     * @param more for its environment
     */
    public static ShippedServer start(String databaseUri, String database, Path logs, Map<String, String> more)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName());
        builder.command().addAll(1, OPTIONS);
        builder.environment().put("MIROIR_LOG_DIR", logs.toString());
        builder.environment().putAll(more);
        return start(builder, databaseUri, database);
    }

    /** Starts it by a command of its own, and waits until searches are answered. */
    public static ShippedServer start(ProcessBuilder builder, String databaseUri, String database)
            throws IOException, InterruptedException {
        int port = freePort();
        builder.environment().put("MONGODB_URI", databaseUri);
        builder.environment().put("MIROIR_DATABASE", database);
        builder.environment().put("MIROIR_PORT", Integer.toString(port));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        ShippedServer server = new ShippedServer(builder.start(), port);
        while (!server.isReady()) {
            if (!server.process.isAlive()) {
                throw new IllegalStateException("the server ended before it was ready");
            }
            Thread.sleep(10);
        }
        return server;
    }

    private boolean isReady() {
        try (HttpConnection connection = new HttpConnection(port)) {
            return connection.get("/health/ready") == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        end(process);
    }

    /** Stops a process, in order if it does that soon, and returns when it is over or was killed. */
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
