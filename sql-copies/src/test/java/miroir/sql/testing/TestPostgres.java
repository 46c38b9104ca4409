package miroir.sql.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import miroir.sql.database.PostgresPlace;

/**
 * A PostgreSQL of our own, on a free port of the loopback, with its files in a temporary folder. It refuses to run as root, so there it runs as postgres. A shell beside it reads a pipe from this
 * JVM and ends it however the JVM ends.
 */
public final class TestPostgres implements AutoCloseable {
    public static final String PASSWORD = "not 'told'";
    private static final String USER = "miroir";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final String WATCH =
            "read -r _; kill -QUIT \"$1\" 2>/dev/null; sleep 1; kill -9 \"$1\" 2>/dev/null; rm -rf \"$2\"";

    private final Path folder;
    private final int port;
    private Process server;
    private Process watcher;

    private TestPostgres(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.server = launch();
        this.watcher = watch();
    }

    /** Whether there is one on this machine; Debian: postgresql. */
    public static boolean isInstalled() {
        return binaries().isPresent();
    }

    private static Optional<Path> binaries() {
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .forEach(folders::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
                .map(Path::of)
                .forEach(folders::add);
        return folders.stream()
                .filter(each -> Files.isExecutable(each.resolve("initdb")))
                .findFirst();
    }

    /** The one of this JVM. */
    public static TestPostgres shared() {
        return Shared.ONE;
    }

    private static final class Shared {
        static final TestPostgres ONE = start();

        private static TestPostgres start() {
            TestPostgres started = TestPostgres.start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-postgres"));
            return started;
        }
    }

    private static TestPostgres start() {
        try {
            Path parent = Files.createTempDirectory("miroir-postgres-");
            Path password = parent.resolve("password");
            Files.writeString(password, PASSWORD);
            if (isRoot()) {
                run(List.of("chown", "-R", "postgres", parent.toString()));
            }
            run(asUser(List.of(
                    program("initdb"),
                    "-D",
                    parent.resolve("data").toString(),
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    password.toString(),
                    "-U",
                    USER,
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync")));
            TestPostgres started = new TestPostgres(parent, freePort());
            started.awaitReady();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String program(String name) {
        return binaries().orElseThrow().resolve(name).toString();
    }

    private static List<String> asUser(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        all.addAll(command);
        return all;
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        return start(asUser(List.of(
                program("postgres"),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-h",
                "127.0.0.1",
                "-k",
                "",
                "-c",
                "fsync=off",
                "-c",
                "shared_buffers=32MB",
                "-c",
                "max_connections=40")));
    }

    private Process watch() {
        return start(List.of("sh", "-c", WATCH, "watch-postgres", Long.toString(server.pid()), folder.toString()));
    }

    private Process start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        SQLException last = null;
        while (System.nanoTime() < end) {
            if (!server.isAlive()) {
                // What belonged to the one that was killed was still in use.
                end(watcher);
                server = launch();
                watcher = watch();
            }
            try (Connection connection = connect()) {
                if (connection.isValid(1)) {
                    return;
                }
            } catch (SQLException e) {
                last = e;
                pause();
            }
        }
        throw new IllegalStateException("PostgreSQL does not answer on port " + port, last);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return USER;
    }

    /** A schema of it, for a copy. */
    public PostgresPlace place(String schema, String... readers) {
        return new PostgresPlace(url(), USER, PASSWORD, false, schema, List.of(readers));
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    /** Something that an operator does. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** As {@code kill -9} would, and starts it again. */
    public void restart() {
        end(watcher, server);
        server = launch();
        watcher = watch();
        awaitReady();
    }

    /** Nothing answers until {@link #resume}. */
    public void kill() {
        end(watcher, server);
    }

    /** After {@link #kill}. */
    public void resume() {
        server = launch();
        watcher = watch();
        awaitReady();
    }

    private static void end(Process... processes) {
        for (Process each : processes) {
            each.destroyForcibly();
            each.onExit().join();
        }
    }

    @Override
    public void close() {
        end(watcher, server);
        run(List.of("rm", "-rf", folder.toString()));
    }
}
