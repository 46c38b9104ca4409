package miroir.server;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import miroir.storage.testing.TestDatabase;

/** The server as shipped, in a process of its own: it can be killed, stopped, or given little memory. */
public final class ServerProcess implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final List<Path> parts;
    private final Path log;
    private final Supplier<List<String>> options;
    private final Map<String, String> environment;
    private final int port;
    private Process process;

    /**
     * Starts it; {@link #isReady} tells when searches are answered.
     *
     * @param log gets what it prints
     * @param options of the JVM, asked for at every start
     * @param environment what the shipped configuration reads, beside database and port
     */
    public ServerProcess(
            TestDatabase database, Path log, Supplier<List<String>> options, Map<String, String> environment)
            throws IOException {
        this(List.of(Path.of("server")), database, log, options, environment);
    }

    /**
     * The same, of these modules.
     *
     * @param parts the folders of the modules whose jars it has
     */
    public ServerProcess(
            List<Path> parts,
            TestDatabase database,
            Path log,
            Supplier<List<String>> options,
            Map<String, String> environment)
            throws IOException {
        this.parts = List.copyOf(parts);
        this.log = log;
        this.options = options;
        this.port = freePort();
        this.environment = new HashMap<>(environment);
        this.environment.putIfAbsent("MIROIR_CONF", ROOT.resolve("conf").toString());
        this.environment.put("MONGODB_URI", database.uri());
        this.environment.put("MIROIR_DATABASE", database.name());
        this.environment.put("MIROIR_PORT", Integer.toString(port));
        this.process = launch();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(options.get());
        String jars = parts.stream()
                .map(part ->
                        ROOT.resolve(part).resolve("target/app").resolve("*").toString())
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", jars, ServerMain.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    public int port() {
        return port;
    }

    public Path log() {
        return log;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Whether searches are answered, which comes after everything else. */
    public boolean isReady() {
        try {
            return Http.send("GET", uri("/health/ready")).statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, as SIGTERM does. */
    public void terminate() {
        process.destroy();
    }

    /** The exit status, once it has ended. */
    public int exitStatus() {
        return process.onExit().join().exitValue();
    }

    /** As a power cut would: no farewell. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Has it stand still, as a machine that is suspended, until {@link #goOn}. */
    public void pause() throws IOException {
        signal("STOP");
    }

    /** Ends a {@link #pause}. */
    public void goOn() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("the signal " + name + " could not be sent");
        }
    }

    /** Starts it again on the same port. */
    public void restart() throws IOException {
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
