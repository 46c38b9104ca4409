package miroir.server.kills;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.server.ServerProcess;
import miroir.storage.testing.TestDatabase;

/**
 * A server that is killed and started again and again. Half of what a start costs is the loading of classes; the first that
 * ends in order leaves them in an archive for all that are started later.
 */
final class KillableServer implements AutoCloseable {
    private final ServerProcess process;

    KillableServer(TestDatabase database, Path folder, String name, Map<String, String> configuration)
            throws IOException {
        Map<String, String> environment = new HashMap<>(configuration);
        environment.put("MIROIR_TYPES", KilledClient.TYPE);
        environment.put("MIROIR_WRITABLE", "true");
        Path classes = folder.resolve("classes.jsa");
        this.process = new ServerProcess(database, folder.resolve(name + ".log"), () -> options(classes), environment);
    }

    private static List<String> options(Path classes) {
        return List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                (Files.exists(classes) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + classes);
    }

    URI uri(String path) {
        return process.uri(path);
    }

    boolean isReady() {
        return process.isReady();
    }

    void kill() {
        process.kill();
    }

    /** Asks it to end, and waits until it has. */
    void stop() {
        process.terminate();
        process.exitStatus();
    }

    void restart() throws IOException {
        process.restart();
    }

    @Override
    public void close() {
        process.close();
    }
}
