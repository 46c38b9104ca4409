package miroir.storage.testing;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A mongod of our own: a replica set of one, unless it is to stand alone, on a free port of the loopback, its files in a temporary folder. That is in memory where
 * there is room for it and nothing is measured: a new index waits for the disk ten times as long as it takes otherwise, and tests make thousands. What is killed loses nothing there either.
 *
 * <p>It must not outlive the tests, not even a test JVM that is killed and runs no shutdown hook. So a shell stands
 * beside it that reads a pipe from this JVM and nothing else: the system closes the pipe however the JVM ends, and the
 * shell then kills the mongod and removes its files.
 */
public final class LocalMongod implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String REPLICA_SET = "tests";
    private static final String SMALL_CACHE_GB = "0.5";

    /**
     * It makes none when it starts, so with the usual minute a mongod that is killed more often than that begins each time
     * at the same old one, and has more to do again each time.
     */
    private static final List<String> FREQUENT_CHECKPOINTS = List.of("--syncdelay", "5");

    /** As {@code ./miroir start} starts it; why is said in docs/operations/running.md. */
    private static final List<String> AS_STARTED = List.of(
            "--wiredTigerEngineConfigString",
            "eviction_dirty_target=60,eviction_dirty_trigger=80,eviction_updates_target=40,eviction_updates_trigger=60");

    /** What a killed client leaves open is ended after two to three seconds, instead of a minute or more. */
    private static final List<String> SHORT_TRANSACTIONS =
            List.of("--setParameter", "transactionLifetimeLimitSeconds=2");

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM_IN_MEMORY = 6L << 30;

    /** A proof at full size has more than belongs into memory. */
    private static final boolean IS_PROOF = System.getProperty("miroir.soak.result") != null;

    private static final int ATTEMPTS = 3;
    private static final String WATCH = "read -r _; kill -9 \"$1\" 2>/dev/null; sleep 1; rm -rf \"$2\"";

    private final Path binary;
    private final Path folder;
    private final int port;
    private final String cacheGb;
    private final List<String> more;
    private final boolean isAlone;
    private Process mongod;
    private Process watcher;

    private LocalMongod(Path binary, Path folder, int port, String cacheGb, List<String> more, boolean isAlone) {
        this.binary = binary;
        this.folder = folder;
        this.port = port;
        this.cacheGb = cacheGb;
        this.more = more;
        this.isAlone = isAlone;
        this.mongod = launch();
        this.watcher = watch(mongod);
    }

    /** Started, its replica set initiated, and writable. */
    public static LocalMongod start(Path binary) {
        return start(binary, SMALL_CACHE_GB, FREQUENT_CHECKPOINTS);
    }

    /** For clients that are killed amid transactions. */
    public static LocalMongod startWithShortTransactions(Path binary) {
        List<String> options = new ArrayList<>(FREQUENT_CHECKPOINTS);
        options.addAll(SHORT_TRANSACTIONS);
        return start(binary, SMALL_CACHE_GB, options);
    }

    /**
     * With the checkpoints that a mongod makes by itself, for what is measured: each writes every page that was touched, so
     * frequent ones cost the more, the larger the indexes are. And with the cache used as {@code ./miroir start} lets it be.
     *
     * @param cacheGb gigabytes
     */
    public static LocalMongod startToMeasure(Path binary, String cacheGb) {
        return start(binary, cacheGb, AS_STARTED);
    }

    /** No replica set, so there are no transactions. */
    public static LocalMongod startAlone(Path binary) {
        return start(binary, SMALL_CACHE_GB, FREQUENT_CHECKPOINTS, true);
    }

    /** With further options of its own, such as those of TLS; without TLS and as nobody, who is on this machine can begin to set it up. */
    public static LocalMongod startWith(Path binary, List<String> options) {
        List<String> all = new ArrayList<>(FREQUENT_CHECKPOINTS);
        all.addAll(options);
        return start(binary, SMALL_CACHE_GB, all);
    }

    /** One of several members of a set, which somebody else initiates. */
    static LocalMongod member(Path binary) {
        List<String> options = new ArrayList<>(FREQUENT_CHECKPOINTS);
        options.addAll(SHORT_TRANSACTIONS);
        options.addAll(List.of("--setParameter", "enableTestCommands=1"));
        return new LocalMongod(binary, temporaryFolder(memory()), freePort(), SMALL_CACHE_GB, options, false);
    }

    private static LocalMongod start(Path binary, String cacheGb, List<String> more) {
        return start(binary, cacheGb, more, false);
    }

    private static LocalMongod start(Path binary, String cacheGb, List<String> more, boolean isAlone) {
        for (int attempt = 1; ; attempt++) {
            Path folder = temporaryFolder(more.equals(AS_STARTED) ? null : memory());
            LocalMongod started = new LocalMongod(binary, folder, freePort(), cacheGb, more, isAlone);
            try {
                if (!isAlone) {
                    started.initiate();
                }
                started.awaitWritable();
                return started;
            } catch (IllegalStateException e) {
                started.close();
                // Somebody may have taken the port between our asking for a free one and mongod's binding it.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    public String uri() {
        return "mongodb://127.0.0.1:" + port + (isAlone ? "/" : "/?replicaSet=" + REPLICA_SET);
    }

    /** Registers {@link #close} to run when the JVM ends in the ordinary way. */
    LocalMongod stopWithThisJvm() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-mongod"));
        return this;
    }

    /** As {@code kill -9} or a power cut would: no flush, no farewell. */
    public void kill() {
        end(mongod);
    }

    /** As an operator would: everything is flushed. */
    public void stop() {
        mongod.destroy();
        mongod.onExit().join();
    }

    /** A copy of the files of the stopped mongod, for {@link #replaceFiles}; whoever asks for it removes it. */
    public Path copyFiles() {
        Path copy = temporaryFolder(null);
        run("cp", "-R", folder + "/.", copy.toString());
        return copy;
    }

    /** Puts a copy in place of the files of the stopped mongod. */
    public void replaceFiles(Path copy) {
        removeFiles();
        run("cp", "-R", copy.toString(), folder.toString());
    }

    /** Starts it again on the same port and on its files after {@link #kill} or {@link #stop}. */
    public void restart() {
        restartAsMember();
        awaitWritable();
    }

    /** The same where others may have become what it was. */
    void restartAsMember() {
        Process watched = watcher;
        mongod = launch();
        watcher = watch(mongod);
        // The old watcher would remove the files: it is ended without being told that the pipe closed.
        end(watched);
    }

    @Override
    public void close() {
        end(watcher);
        end(mongod);
        removeFiles();
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--port",
                Integer.toString(port),
                "--bind_ip",
                "127.0.0.1",
                "--nounixsocket",
                "--dbpath",
                folder.toString(),
                "--logpath",
                folder.resolve("mongod.log").toString(),
                "--logappend",
                "--wiredTigerCacheSizeGB",
                cacheGb,
                "--setParameter",
                "diagnosticDataCollectionEnabled=false"));
        if (!isAlone) {
            command.addAll(List.of("--replSet", REPLICA_SET, "--oplogSize", "128"));
        }
        command.addAll(more);
        return start(
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    private Process watch(Process watched) {
        return start(
                new ProcessBuilder("sh", "-c", WATCH, "watch-mongod", Long.toString(watched.pid()), folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    private void initiate() {
        initiate(List.of(this), new BsonDocument());
    }

    /** As the first of these members. */
    void initiate(List<LocalMongod> members, BsonDocument settings) {
        BsonArray hosts = new BsonArray();
        members.forEach(member -> hosts.add(
                new BsonDocument("_id", new BsonInt32(hosts.size())).append("host", new BsonString(member.host()))));
        BsonDocument configuration = new BsonDocument("_id", new BsonString(REPLICA_SET))
                .append("members", hosts)
                .append("settings", settings);
        await(client -> client.getDatabase("admin").runCommand(new BsonDocument("replSetInitiate", configuration)));
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    private void awaitWritable() {
        await("isWritablePrimary");
    }

    /** Until it takes no writes, and answers reads. */
    void awaitSecondary() {
        await("secondary");
    }

    private void await(String what) {
        await(client -> {
            if (!hello(client).getBoolean(what, false)) {
                throw new MongoException("not yet " + what);
            }
        });
    }

    /** Whether it takes writes; who does not answer does not. */
    boolean isPrimary() {
        try (MongoClient client = direct()) {
            return mongod.isAlive() && hello(client).getBoolean("isWritablePrimary", false);
        } catch (MongoException e) {
            return false;
        }
    }

    private static Document hello(MongoClient client) {
        return client.getDatabase("admin").runCommand(new Document("hello", 1));
    }

    /** What it was asked since it began, by the kind of command: of clients, not of members. */
    long queries() {
        try (MongoClient client = direct()) {
            return client.getDatabase("admin")
                    .runCommand(new Document("serverStatus", 1))
                    .get("opcounters", Document.class)
                    .get("query", Number.class)
                    .longValue();
        }
    }

    /** Has it answer, and apply nothing of what the primary does. */
    void holdBack(boolean held) {
        try (MongoClient client = direct()) {
            client.getDatabase("admin")
                    .runCommand(new Document("configureFailPoint", "rsSyncApplyStop")
                            .append("mode", held ? "alwaysOn" : "off"));
        }
    }

    /** With which tests may have it do what it does seldom, as {@link #hangIndexBuilds}. */
    public static LocalMongod startToBeHeldUp(Path binary) {
        return startWith(binary, List.of("--setParameter", "enableTestCommands=1"));
    }

    /** Has each index that it builds wait when all documents are read, as long as that is so: indexes of what is empty are there at once all the same. */
    public void hangIndexBuilds(boolean hung) {
        try (MongoClient client = direct()) {
            client.getDatabase("admin")
                    .runCommand(new Document("configureFailPoint", "hangAfterStartingIndexBuild")
                            .append("mode", hung ? "alwaysOn" : "off"));
        }
    }

    /** Has it take no writes any more, for a while. */
    void stepDown() {
        try (MongoClient client = direct()) {
            client.getDatabase("admin")
                    .runCommand(new Document("replSetStepDown", 10).append("secondaryCatchUpPeriodSecs", 5));
        }
    }

    /** Lets it stand still, as a machine does that swaps or whose disk hangs. */
    void pause() {
        run("kill", "-STOP", Long.toString(mongod.pid()));
    }

    void resume() {
        run("kill", "-CONT", Long.toString(mongod.pid()));
    }

    private void await(Step step) {
        long end = System.nanoTime() + START.toNanos();
        MongoException last = null;
        try (MongoClient client = direct()) {
            while (mongod.isAlive() && System.nanoTime() < end) {
                try {
                    step.run(client);
                    return;
                } catch (MongoException e) {
                    last = e;
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("mongod on port " + port + " did not become writable:\n" + log(), last);
    }

    private MongoClient direct() {
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString("mongodb://127.0.0.1:" + port + "/?directConnection=true"))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(1, TimeUnit.SECONDS))
                .build());
    }

    private String log() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("mongod.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private static void end(@Nullable Process process) {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where files are kept in memory; null where there is no such place, or hardly any room. */
    private static @Nullable Path memory() {
        boolean isRoomy =
                !IS_PROOF && Files.isWritable(MEMORY) && MEMORY.toFile().getUsableSpace() >= ROOM_IN_MEMORY;
        return isRoomy ? MEMORY : null;
    }

    private static Path temporaryFolder(@Nullable Path parent) {
        try {
            return parent == null
                    ? Files.createTempDirectory("miroir-mongod-")
                    : Files.createTempDirectory(parent, "miroir-mongod-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void removeFiles() {
        run("rm", "-rf", folder.toString());
    }

    private static void run(String... command) {
        int status = start(new ProcessBuilder(command)).onExit().join().exitValue();
        if (status != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with status " + status);
        }
    }

    /** One thing to do with the server, which may not be ready for it yet. */
    private interface Step {
        void run(MongoClient client);
    }
}
