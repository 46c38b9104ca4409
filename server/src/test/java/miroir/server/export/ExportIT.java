package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import miroir.index.extract.ExtractionSettings;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.store.ResourceKey;
import miroir.server.Http;
import miroir.server.ServerProcess;
import miroir.storage.Mirrored;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.SearchFiles;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million resources, exported from a server with little memory that is killed while it cuts and again while it sends, while others write. What comes is compared with what the database says was
 * there at the instant of the export. Then, when nobody writes, how fast it is against the driver alone with the same renderer.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
class ExportIT {
    private static final int RESOURCES = Integer.getInteger("miroir.export.resources", 1_000_000);
    private static final List<String> TYPES = List.of("Organization", "Practitioner");
    private static final String SOURCE = "soak";
    private static final int BATCH = 500;
    private static final int WRITERS = 2;
    private static final int ROUNDS = Integer.getInteger("miroir.export.rounds", 5);
    private static final double LEAST = 0.7;

    /** Of fewer, what begins and ends takes most of the time. */
    private static final int MEASURED = 100_000;

    private static final int MEGABYTE = 1 << 20;
    private static final int LARGEST_HEAP = 256;
    private static final Pattern LINE = Pattern.compile(
            "\"resourceType\":\"([A-Za-z]+)\",\"id\":\"([^\"]+)\",\"meta\":\\{\"versionId\":\"([0-9]+)\"");
    private static final Pattern HEAP = Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\"[^}]*} ([0-9.E]+)");

    private final long seed = Long.getLong("miroir.seed", 1);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The server's log stays where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void export_ofAMillion_withKillsWhileOthersWrite_isTheStoreAtItsInstant(TestDatabase database) throws Exception {
        Map<String, Object> figures = new HashMap<>();
        try (MongoResourceStore store = ready(database)) {
            load(store);
            try (ServerProcess server = server(database)) {
                awaitReady(server);
                exportWhileWriting(store, server, database, figures);
                compareSpeeds(server, database, figures);
            }
        }
        figures.put("resources", RESOURCES);
        figures.put("changes", changes.get());
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), new Document(figures).toJson());
        }
    }

    private static MongoResourceStore ready(TestDatabase database) {
        Set<String> types = Set.copyOf(TYPES);
        Path files = Path.of(System.getProperty("miroir.root")).resolve("conf/search");
        // What is searched is the same as in the server: neither makes the other's fields anew.
        MongoResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types),
                new ConfiguredSearch(
                        types,
                        new SearchFiles(files),
                        new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()),
                        true));
        await().atMost(Duration.ofMinutes(2)).until(() -> store.readiness().ready());
        return store;
    }

    private ServerProcess server(TestDatabase database) throws Exception {
        return new ServerProcess(
                database,
                folder.resolve("server.log"),
                () -> List.of("-Xmx" + LARGEST_HEAP + "m", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=4"),
                Map.of("MIROIR_TYPES", String.join(",", TYPES)));
    }

    private static void awaitReady(ServerProcess server) {
        await().atMost(Duration.ofMinutes(5)).until(server::isReady);
    }

    private static String type(int i) {
        return TYPES.get(i % TYPES.size());
    }

    /** About as large as those of the directory. */
    private static Mirrored resource(int i, int state) {
        String type = type(i);
        StringBuilder identifiers = new StringBuilder();
        for (int k = 0; k < 12; k++) {
            identifiers
                    .append(k == 0 ? "" : ",")
                    .append("{\"use\":\"official\",\"system\":\"urn:oid:1.2.250.1.71.4.2.")
                    .append(k)
                    .append("\",\"value\":\"")
                    .append(i)
                    .append('-')
                    .append(k)
                    .append("\",\"assigner\":{\"display\":\"Agence, numéro ")
                    .append(k)
                    .append("\"}}");
        }
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"r" + i + "\",\"language\":\"fr-x" + state
                + "\",\"active\":true,\"identifier\":[" + identifiers + "]}";
        return new Mirrored(
                new ResourceKey(type, "r" + i), RawBsonDocument.parse(json), Instant.ofEpochSecond(1_000_000 + state));
    }

    private static Instant later() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    private static void load(MongoResourceStore store) throws Exception {
        ExecutorService loading = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> loaded = new ArrayList<>();
        for (int from = 0; from < RESOURCES; from += BATCH) {
            int first = from;
            loaded.add(loading.submit(() -> ingest(
                    store,
                    IntStream.range(first, Math.min(RESOURCES, first + BATCH))
                            .mapToObj(i -> resource(i, 0))
                            .toList())));
        }
        for (Future<?> each : loaded) {
            each.get();
        }
        loading.shutdown();
    }

    private static void ingest(MongoResourceStore store, List<Mirrored> resources) {
        for (String type : TYPES) {
            List<Mirrored> some = resources.stream()
                    .filter(each -> each.key().type().equals(type))
                    .toList();
            if (!some.isEmpty()) {
                store.mirrored().ingest(SOURCE, type, some, later());
            }
        }
    }

    /** Changes some, removes some, makes new ones, and makes removed ones anew. */
    private Object write(MongoResourceStore store, int writer) {
        Random random = new Random(seed * 31 + writer);
        for (int state = 1; !isOver.get(); state++) {
            int now = state;
            ingest(
                    store,
                    random.ints(20, 0, RESOURCES + RESOURCES / 20)
                            .distinct()
                            .filter(i -> i % WRITERS == writer)
                            .mapToObj(i -> resource(i, now))
                            .toList());
            int gone = random.nextInt(RESOURCES / WRITERS) * WRITERS + writer;
            store.mirrored().remove(SOURCE, type(gone), List.of("r" + gone), later());
            changes.incrementAndGet();
        }
        return changes;
    }

    private void exportWhileWriting(
            MongoResourceStore store, ServerProcess server, TestDatabase database, Map<String, Object> figures)
            throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> written = new ArrayList<>();
        try {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                written.add(writers.submit(() -> write(store, writer)));
            }
            await().atMost(Duration.ofMinutes(2)).until(() -> changes.get() > 20);
            String address = begin(server);
            server.restart();
            awaitReady(server);
            long begun = System.nanoTime();
            Document manifest = complete(server, address);
            figures.put("cutSecondsAfterKill", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
            Map<String, Integer> fetched = fetchWithAKill(server, manifest);
            figures.put("files", manifest.getList("output", Document.class).size());
            figures.put("peakHeapMegabytes", peak.get() / MEGABYTE);
            isOver.set(true);
            for (Future<?> each : written) {
                each.get();
            }
            assertThat(fetched)
                    .as("seed %d", seed)
                    .isEqualTo(then(database, Instant.parse(manifest.getString("transactionTime"))));
            figures.put("exported", fetched.size());
        } finally {
            isOver.set(true);
            writers.shutdownNow();
        }
    }

    private static String begin(ServerProcess server) throws Exception {
        HttpResponse<String> begun = Http.send(
                "GET", server.uri("/fhir/$export?_type=" + String.join(",", TYPES)), "Prefer", "respond-async");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return begun.headers().firstValue("Content-Location").orElseThrow();
    }

    private static Document complete(ServerProcess server, String address) {
        List<Document> manifest = new ArrayList<>();
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    HttpResponse<String> status = Http.send("GET", URI.create(address));
                    assertThat(status.statusCode()).as(status.body()).isIn(200, 202);
                    if (status.statusCode() == 200) {
                        manifest.add(Document.parse(status.body()));
                    }
                    return !manifest.isEmpty();
                });
        assertThat(server.isAlive()).isTrue();
        return manifest.get(0);
    }

    /** Versions by resource. The server is killed in the middle of one of the files, which is asked for again. */
    private Map<String, Integer> fetchWithAKill(ServerProcess server, Document manifest) throws Exception {
        Map<String, Integer> all = new HashMap<>();
        List<Document> files = manifest.getList("output", Document.class);
        String broken = files.get(files.size() / 2).getString("url");
        assertThat(breaksOff(server, broken)).isTrue();
        awaitReady(server);
        for (Document file : files) {
            AtomicLong lines = new AtomicLong();
            eachLine(file.getString("url"), line -> {
                Matcher matcher = LINE.matcher(line);
                assertThat(matcher.find()).as(line).isTrue();
                String key = matcher.group(1) + "/" + matcher.group(2);
                assertThat(all.put(key, Integer.valueOf(matcher.group(3))))
                        .as("twice: %s", key)
                        .isNull();
                if (lines.incrementAndGet() % 5_000 == 0) {
                    peak.accumulateAndGet(heap(server), Math::max);
                }
            });
            assertThat(lines.get())
                    .as(file.getString("url"))
                    .isEqualTo(file.getInteger("count").longValue());
        }
        return all;
    }

    private boolean breaksOff(ServerProcess server, String url) throws Exception {
        HttpResponse<InputStream> answer =
                client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(1 << 16)).isNotEmpty();
            server.restart();
            body.transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private interface Line {
        void is(String text) throws Exception;
    }

    private void eachLine(String url, Line told) throws Exception {
        HttpResponse<InputStream> answer =
                client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                told.is(line);
                line = lines.readLine();
            }
        }
    }

    private static long heap(ServerProcess server) throws Exception {
        Matcher matcher = HEAP.matcher(Http.send("GET", server.uri("/metrics")).body());
        double used = 0;
        while (matcher.find()) {
            used += Double.parseDouble(matcher.group(1));
        }
        return (long) used;
    }

    /** What held at an instant, by the documents themselves, when nobody writes any more. */
    private static Map<String, Integer> then(TestDatabase database, Instant asOf) {
        Map<String, Integer> held = new HashMap<>();
        try (MongoClient mongo = MongoClients.create(database.uri())) {
            MongoDatabase inside = mongo.getDatabase(database.name());
            for (String type : TYPES) {
                for (Document current : inside.getCollection(type)
                        .find(Filters.and(Filters.lte("from", Date.from(asOf)), Filters.exists("n")))
                        .projection(Projections.include("v"))) {
                    held.put(
                            type + "/" + current.getString("_id"),
                            current.getLong("v").intValue());
                }
                for (Document ended : inside.getCollection(type + "_history")
                        .find(Filters.and(
                                Filters.lte("from", Date.from(asOf)),
                                Filters.gt("to", Date.from(asOf)),
                                Filters.exists("n")))
                        .projection(Projections.include("v"))) {
                    held.put(
                            type + "/" + ended.get("_id", Document.class).getString("id"),
                            ended.getLong("v").intValue());
                }
            }
        }
        return held;
    }

    /** One after the other, so that both meet the same machine; the best of each. */
    private void compareSpeeds(ServerProcess server, TestDatabase database, Map<String, Object> figures)
            throws Exception {
        Document manifest = complete(server, begin(server));
        double driver = 0;
        double export = 0;
        for (int round = 0; round < ROUNDS; round++) {
            driver = Math.max(driver, driverAlone(database));
            export = Math.max(export, fetched(manifest));
        }
        figures.put("driverPerSecond", Math.round(driver));
        figures.put("exportPerSecond", Math.round(export));
        figures.put("ratio", Math.round(100 * export / driver) / 100.0);
        if (RESOURCES >= MEASURED) {
            assertThat(export / driver).as("of the speed of the driver").isGreaterThan(LEAST);
        }
    }

    private static double fetched(Document manifest) throws IOException {
        long lines = 0;
        long begun = System.nanoTime();
        for (Document file : manifest.getList("output", Document.class)) {
            assertThat(readAll(URI.create(file.getString("url")))).isPositive();
            lines += file.getInteger("count");
        }
        return lines * 1e9 / (System.nanoTime() - begun);
    }

    /** What is measured is the server: a client that does nothing but read. */
    private static long readAll(URI url) throws IOException {
        byte[] block = new byte[1 << 18];
        long bytes = 0;
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + url.getRawPath() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            int read = in.read(block);
            while (read >= 0) {
                bytes += read;
                read = in.read(block);
            }
        }
        return bytes;
    }

    /** What a program would do that asks the database itself: all of a type in its order, as text into a buffer. */
    private static double driverAlone(TestDatabase database) {
        long lines = 0;
        long begun = System.nanoTime();
        Utf8Buffer out = new Utf8Buffer(1 << 17);
        try (MongoClient mongo = MongoClients.create(database.uri())) {
            for (String type : TYPES) {
                MongoCollection<RawBsonDocument> current =
                        mongo.getDatabase(database.name()).getCollection(type, RawBsonDocument.class);
                try (MongoCursor<RawBsonDocument> cursor = current.find(Filters.gt("n", 0L))
                        .sort(Sorts.ascending("n"))
                        .projection(Projections.fields(Projections.include("fhir"), Projections.excludeId()))
                        .iterator()) {
                    while (cursor.hasNext()) {
                        ResourceWriter.write((RawBsonDocument) cursor.next().getDocument("fhir"), out, false);
                        out.putByte('\n');
                        lines++;
                        if (out.size() > 1 << 16) {
                            out.clear();
                        }
                    }
                }
            }
        }
        return lines * 1e9 / (System.nanoTime() - begun);
    }
}
