package miroir.kills;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program of ours as it is shipped, with a port, in a process that is killed, stopped and started again. Half of what a start
 * costs is the loading of classes; the first that ends in order leaves them in an archive for all that are started later.
 */
final class KillableProcess implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Path folder;
    private final String name;
    private final List<String> program;
    private final Map<String, String> environment;
    private final int port;
    private Process process;

    /**
     * Starts it.
     *
     * @param folder where what it prints goes
     * @param portVariable what tells it its port
     * @param program the module that it is in, its class, and its arguments
     */
    KillableProcess(
            Path folder, String name, Map<String, String> environment, String portVariable, List<String> program)
            throws IOException {
        this.folder = folder;
        this.name = name;
        this.program = program;
        this.port = freePort();
        this.environment = new HashMap<>(environment);
        this.environment.put(portVariable, Integer.toString(port));
        this.process = launch();
    }

    private Process launch() throws IOException {
        Path classes = folder.resolve(program.get(0) + ".jsa");
        Path jars = ROOT.resolve(program.get(0)).resolve("target/app");
        List<String> command = new ArrayList<>(List.of(
                JAVA.toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                (Files.exists(classes) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + classes,
                "-cp",
                jars.resolve("*").toString()));
        command.addAll(program.subList(1, program.size()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What it answers to a GET; an {@link IOException} while it is not there, or stands still. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(40)).build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    /** Whether it answers this path well, and with this text somewhere in it. */
    boolean says(String path, String text) throws InterruptedException {
        try {
            HttpResponse<String> answer = get(path);
            return answer.statusCode() == 200 && answer.body().contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    /** What it said in all its lives. */
    String printed() throws IOException {
        return Files.readString(log());
    }

    private Path log() {
        return folder.resolve(name + ".log");
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

    /** Has it stand still, as a machine that is suspended, until {@link #goOn}. */
    void pause() throws IOException {
        signal("STOP");
    }

    void goOn() throws IOException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("the signal " + signal + " could not be sent to " + name);
        }
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
