package miroir.server.kills;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import miroir.server.Http;
import miroir.server.ServerMain;
import miroir.storage.testing.TestDatabase;

/**
 * The server as shipped, in a process that can be killed. Half of what a start costs is the loading of classes; the first
 * that ends in order leaves them in an archive for all that are started later.
 */
final class KillableServer implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final TestDatabase database;
    private final Path log;
    private final Path classes;
    private final int port;
    private Process process;

    KillableServer(TestDatabase database, Path folder, String name) throws IOException {
        this.database = database;
        this.log = folder.resolve(name + ".log");
        this.classes = folder.resolve("classes.jsa");
        this.port = freePort();
        this.process = launch();
    }

    private Process launch() throws IOException {
        List<String> command = List.of(
                JAVA.toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                (Files.exists(classes) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + classes,
                "-cp",
                ROOT.resolve("server/target/app").resolve("*").toString(),
                ServerMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("MIROIR_CONF", ROOT.resolve("conf").toString());
        builder.environment().put("MONGODB_URI", database.uri());
        builder.environment().put("MIROIR_DATABASE", database.name());
        builder.environment().put("MIROIR_PORT", Integer.toString(port));
        builder.environment().put("MIROIR_TYPES", KilledWriters.TYPE);
        builder.environment().put("MIROIR_WRITABLE", "true");
        return builder.start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Whether searches are answered, which comes after everything else. */
    boolean isReady() {
        try {
            HttpResponse<String> answer = Http.send("GET", uri("/health/ready"));
            return answer.statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }

    /** As a power cut would: no farewell. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks it to end, and waits until it has. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** Starts it again on the same port. */
    void restart() throws IOException {
        kill();
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
