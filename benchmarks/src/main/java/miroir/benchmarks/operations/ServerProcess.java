package miroir.benchmarks.operations;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import miroir.benchmarks.ShippedServer;

/** A server in a process of its own, so that its CPU can be told from the client's. */
final class ServerProcess implements AutoCloseable {
    private static final String PORT = "port ";

    private final Way way;
    private final Process process;
    private final int port;

    private ServerProcess(Way way, Process process, int port) {
        this.way = way;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one, logging as the shipped server does, and waits until it takes requests.
     *
     * @param practitioners how many there are, from which the bare servlet knows who is asked about
     */
    static ServerProcess start(Way way, String databaseUri, String database, int practitioners, Path logs)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=" + Path.of("conf", "logback.xml"),
                "-cp",
                System.getProperty("java.class.path"),
                ServedMain.class.getName(),
                way.code(),
                Integer.toString(practitioners));
        builder.command().addAll(1, ShippedServer.OPTIONS);
        builder.environment().put("MONGODB_URI", databaseUri);
        builder.environment().put("MIROIR_DATABASE", database);
        builder.environment().put("MIROIR_LOG_DIR", logs.resolve(way.code()).toString());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(PORT)) {
                readOn(out);
                return new ServerProcess(way, process, Integer.parseInt(line.substring(PORT.length())));
            }
        }
        process.destroy();
        throw new IllegalStateException("the server of the way '" + way.code() + "' ended before it had a port");
    }

    /** Nobody else reads what the server prints, and a full pipe would stop it. */
    private static void readOn(BufferedReader out) {
        Thread reader = new Thread(() -> out.lines().forEach(ignored -> {}), "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    Way way() {
        return way;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        ShippedServer.end(process);
    }
}
