package miroir.sync.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.Document;

/**
 * A simulated directory of all types and a store, between which the daemon's program is run with little memory: once to
 * load everything, and once more to read everything again when nothing has changed. Each is a process of its own.
 */
final class Loading implements AutoCloseable {
    static final List<String> TYPES =
            List.of("Organization", "Practitioner", "PractitionerRole", "HealthcareService", "Device");

    private static final Duration SAMPLED_EVERY = Duration.ofMillis(250);
    private static final Pattern BASE = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/fhir/v2");
    private static final Pattern TOTAL = Pattern.compile("\"total\":(\\d+)");

    /** A Monday morning: no night with changes comes before the end. */
    private static final String CLOCK = "2026-11-30T07:00:00Z";

    private final TestDatabase database;
    private final Path folder;
    private final String heap;
    private final MongoClient client;
    private final ProcessFigures mongod;
    private final JavaProcess simulator;
    private final String base;
    private final Path configuration;

    /**
     * Starts the directory.
     *
     * @param size how many resources it has, at least
     * @param heap of the daemon, as the JVM wants it
     */
    Loading(TestDatabase database, Path folder, long size, String heap, long seed) throws IOException {
        this.database = database;
        this.folder = folder;
        this.heap = heap;
        this.client = MongoClients.create(database.uri());
        Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
        this.mongod = new ProcessFigures(status.get("pid", Number.class).longValue());
        this.simulator = new JavaProcess(
                folder.resolve("simulator.log"),
                List.of("-Xmx256m"),
                "simulator/miroir.simulator.http.SimulatorMain",
                Map.of(),
                Stream.of("--port 0 --quota 0 --clock " + CLOCK + " --size " + size + " --seed " + seed)
                        .flatMap(options -> Stream.of(options.split(" ", -1)))
                        .toArray(String[]::new));
        this.base = awaitBase();
        this.configuration = Files.writeString(folder.resolve("sync.yaml"), configuration(base));
    }

    private String awaitBase() {
        return Awaitility.await("the simulator's address")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            assertThat(simulator.isAlive())
                                    .as(simulator.printed())
                                    .isTrue();
                            Matcher found = BASE.matcher(simulator.printed());
                            return found.find() ? found.group() : "";
                        },
                        found -> !found.isEmpty());
    }

    /** As shipped, but for the quota. */
    private static String configuration(String base) {
        StringBuilder text =
                new StringBuilder("sources:\n  simulated: {url: \"" + base + "\", quota: 10000}\nsynchronisations:\n");
        TYPES.forEach(type -> text.append("  - {source: simulated, type: " + type + "}\n"));
        return text.toString();
    }

    /** Runs {@code sync once} with these options to its end. */
    Pass run(String name, String... options) throws IOException, InterruptedException {
        HeapLog heapLog = new HeapLog(folder.resolve(name + "-heap.log"));
        long waitedBefore = waited();
        double simulatorBefore = simulator.figures().cpuSeconds();
        List<Sample> samples = new ArrayList<>();
        long began = System.nanoTime();
        try (JavaProcess daemon = new JavaProcess(
                folder.resolve(name + ".log"),
                List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError", heapLog.option()),
                "sync-annuaire/miroir.sync.SyncMain",
                environment(),
                Stream.concat(Stream.of("once"), Stream.of(options)).toArray(String[]::new))) {
            do {
                samples.add(sample(began, daemon.figures()));
                daemon.figures().peakKilobytes();
            } while (!daemon.hasEndedWithin(SAMPLED_EVERY));
            samples.add(sample(began, daemon.figures()));
            return new Pass(
                    daemon.exitStatus(),
                    samples,
                    simulator.figures().cpuSeconds() - simulatorBefore,
                    heapLog.heap(),
                    daemon.figures().peakKilobytes(),
                    waited() - waitedBefore,
                    daemon.printed());
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "MONGODB_URI",
                database.uri(),
                "MIROIR_DATABASE",
                database.name(),
                "MIROIR_TYPES",
                "directory",
                "MIROIR_SYNC_CONFIG",
                configuration.toString());
    }

    private Sample sample(long began, ProcessFigures daemon) {
        return new Sample((System.nanoTime() - began) / 1e9, stored(), daemon.cpuSeconds(), mongod.cpuSeconds());
    }

    private MongoDatabase store() {
        return client.getDatabase(database.name());
    }

    /** How many resources of each type are in the store. */
    Map<String, Long> stored() {
        Map<String, Long> stored = new LinkedHashMap<>();
        TYPES.forEach(type -> stored.put(type, store().getCollection(type).estimatedDocumentCount()));
        return stored;
    }

    /** How many resources of each type the directory has. */
    Map<String, Long> published() throws IOException, InterruptedException {
        Map<String, Long> published = new LinkedHashMap<>();
        for (String type : TYPES) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/" + type + "?_count=0&_total=accurate"))
                    .build();
            String answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher total = TOTAL.matcher(answer);
            assertThat(total.find()).as(answer).isTrue();
            published.put(type, Long.valueOf(total.group(1)));
        }
        return published;
    }

    /** How many versions there are beyond the first of each resource. */
    long laterVersions() {
        long later = 0;
        for (String type : TYPES) {
            later += store().getCollection(type + "_history").countDocuments();
            later += store().getCollection(type).countDocuments(Filters.ne("v", 1L));
        }
        return later;
    }

    /** A sum over all runs so far, such as of what was {@code created}. */
    long counted(String what) {
        long sum = 0;
        for (Document run : store().getCollection("miroir_runs").find()) {
            sum += run.get("counts", Document.class).get(what, Number.class).longValue();
        }
        return sum;
    }

    private long waited() {
        Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
        return status.getEmbedded(List.of("metrics", "getLastError", "wtime", "totalMillis"), Number.class)
                .longValue();
    }

    @Override
    public void close() {
        simulator.close();
        client.close();
    }
}
