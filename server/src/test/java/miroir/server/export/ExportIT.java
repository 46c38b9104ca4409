package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.server.Http;
import miroir.server.ServerProcess;
import miroir.server.TestServer;
import miroir.server.export.SoakedResources.Held;
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
 * A million resources, exported from a server with little memory that is killed while it cuts and again while it sends, while others write; and after that what changed since, of what a search
 * finds, with what was deleted, and what somebody sees who sees some. What comes is compared with what the database says was there at the instants of the exports. Then, when nobody writes, how fast
 * it is against the driver alone with the same renderer. {@code -Dmiroir.export.resources=20000} is a small one.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
class ExportIT {
    private static final int RESOURCES = Integer.getInteger("miroir.export.resources", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("miroir.export.rounds", 5);
    private static final String ALL = "?_type=" + String.join(",", SoakedResources.TYPES);
    private static final double LEAST = 0.7;

    /** Of fewer, what begins and ends takes most of the time. */
    private static final int MEASURED = 100_000;

    /** As shipped; where there are few resources so many that there is something to be killed. */
    private static final int OF_A_FILE = Math.min(100_000, Math.max(100, RESOURCES / 10));

    private static final int ATTEMPTS = 20;
    private static final int MEGABYTE = 1 << 20;
    private static final int LARGEST_HEAP = 256;

    private final Map<String, Object> figures = new HashMap<>();
    private double ratio;

    /** The server's log stays where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void export_ofAMillion_withKillsWhileOthersWrite_isTheStoreAtItsInstant(TestDatabase database) throws Exception {
        long seed = Long.getLong("miroir.seed", 1);
        try (SoakedResources resources = new SoakedResources(database, RESOURCES, seed)) {
            resources.load();
            try (ServerProcess server = server(database)) {
                awaitReady(server);
                ExportClient client = new ExportClient(server, TestServer.TOKEN);
                exportWhileWriting(resources, server, client);
                compareSpeeds(resources, client);
                figures.put("peakHeapMegabytes", client.peakHeap() / MEGABYTE);
            }
            figures.put("changes", resources.changes());
        } finally {
            tell();
        }
        if (RESOURCES >= MEASURED) {
            assertThat(ratio).as("the median of %s", figures.get("ratios")).isGreaterThan(LEAST);
        }
    }

    /** Also where something was wrong: as far as it came. */
    private void tell() throws IOException {
        figures.put("resources", RESOURCES);
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), new Document(figures).toJson());
        }
    }

    private ServerProcess server(TestDatabase database) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        return new ServerProcess(
                database,
                folder.resolve("server.log"),
                () -> List.of("-Xmx" + LARGEST_HEAP + "m", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=4"),
                Map.of(
                        "MIROIR_TYPES", String.join(",", SoakedResources.TYPES),
                        "MIROIR_ACCESS", "token",
                        "MIROIR_REPORTS_QUALITY", "never",
                        "MIROIR_CONF", configuration().toString(),
                        "MIROIR_WRITE_TOKEN_FILE", token.toString()));
    }

    /** The one that is shipped, but for the size of files. */
    private Path configuration() throws Exception {
        Path shipped = Path.of(System.getProperty("miroir.root")).resolve("conf");
        Path own = folder.resolve("conf");
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path file : files.toList()) {
                Files.copy(file, own.resolve(shipped.relativize(file).toString()));
            }
        }
        Path server = own.resolve("server.yaml");
        String text = Files.readString(server);
        assertThat(text).contains("\n  resources: 100000\n");
        Files.writeString(server, text.replace("\n  resources: 100000\n", "\n  resources: " + OF_A_FILE + "\n"));
        return own;
    }

    private static void awaitReady(ServerProcess server) {
        await().atMost(Duration.ofMinutes(5)).until(server::isReady);
    }

    private void exportWhileWriting(SoakedResources resources, ServerProcess server, ExportClient client)
            throws Exception {
        ExportClient some = new ExportClient(server, whoSeesSome(server));
        resources.beginToChange();
        String address = killedWhileItIsCut(resources, server, client);
        awaitReady(server);
        long begun = System.nanoTime();
        Document all = client.complete(address);
        figures.put("cutSecondsAfterKill", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        List<Document> files = all.getList("output", Document.class);
        assertThat(client.breaksOff(files.get(files.size() / 2).getString("url")))
                .isTrue();
        awaitReady(server);
        Map<String, Integer> fetched = client.resources(all);
        String since = all.getString("transactionTime");

        Document changed =
                client.complete(client.begin(ALL + "&_since=" + since + "&_typeFilter=Practitioner%3Factive%3Dtrue"));
        Document seen = some.complete(some.begin(""));
        Map<String, Integer> fetchedOfChanged = client.resources(changed);
        Set<String> deleted = client.deleted(changed);
        Map<String, Integer> fetchedOfSeen = some.resources(seen);
        resources.endChanges();

        figures.put("files", files.size());
        figures.put("exported", fetched.size());
        figures.put("exportedOfChanged", fetchedOfChanged.size());
        figures.put("deleted", deleted.size());
        figures.put("exportedOfSeen", fetchedOfSeen.size());
        Map<String, Held> then = resources.at(instant(all));
        assertThat(fetched).isEqualTo(versions(then, (key, held) -> true));
        assertThat(fetchedOfChanged)
                .isNotEmpty()
                .isEqualTo(versions(
                        resources.at(instant(changed)),
                        (key, held) -> held.from().isAfter(instant(all))
                                && (held.isActive() || key.startsWith("Organization/"))));
        assertThat(deleted).isNotEmpty().isEqualTo(resources.deleted(instant(all), instant(changed)));
        checkSeen(resources, instant(seen), fetchedOfSeen, some.resources(seen));
    }

    /** The number of times that it was tried is told: a small export may be cut before anybody can kill its server. */
    private String killedWhileItIsCut(SoakedResources resources, ServerProcess server, ExportClient client)
            throws Exception {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String address = client.begin(ALL);
            String id = address.substring(address.lastIndexOf('/') + 1);
            await().atMost(Duration.ofMinutes(5))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> filesCut(resources, id) > 0);
            server.restart();
            if (isCutting(resources, id)) {
                figures.put("filesCutBeforeKill", filesCut(resources, id));
                figures.put("attemptsToKill", attempt);
                return address;
            }
            awaitReady(server);
            client.end(address);
        }
        throw new AssertionError("in " + ATTEMPTS + " attempts no export was being cut when its server was killed");
    }

    private static Document kept(SoakedResources resources, String id) {
        List<Document> found = new ArrayList<>();
        resources.inside(all -> all.getCollection(KeptExports.COLLECTION)
                .find(Filters.eq("_id", id))
                .into(found));
        return found.get(0);
    }

    private static int filesCut(SoakedResources resources, String id) {
        return kept(resources, id).getList("files", Document.class).size();
    }

    /** Nobody goes on with it yet: who died has its lease. */
    private static boolean isCutting(SoakedResources resources, String id) {
        Document kept = kept(resources, id);
        return kept.getString("state").equals("cutting") && kept.containsKey("holder");
    }

    private static Instant instant(Document manifest) {
        return Instant.parse(manifest.getString("transactionTime"));
    }

    private static Map<String, Integer> versions(Map<String, Held> held, BiPredicate<String, Held> which) {
        return held.entrySet().stream()
                .filter(each -> which.test(each.getKey(), each.getValue()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().version()));
    }

    /** The token of a consumer who sees active organizations and nothing else. */
    private static String whoSeesSome(ServerProcess server) throws Exception {
        admin(server, "PUT", "roles/some", "{\"permissions\":[\"READ, SEARCH on Organization?active=true\"]}");
        admin(server, "PUT", "consumers/some", "{\"roles\":[\"some\"]}");
        return admin(server, "POST", "consumers/some/tokens", "{\"label\":\"test\"}")
                .getString("token");
    }

    private static Document admin(ServerProcess server, String method, String path, String json) throws Exception {
        HttpResponse<String> answer = Http.send(
                method,
                server.uri("/admin/api/" + path),
                json.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return Document.parse(answer.body());
    }

    /** He has what he saw then and sees still: while others write that is nothing that he did not see, and all that has not changed; in the end it is known exactly. */
    private static void checkSeen(
            SoakedResources resources, Instant asOf, Map<String, Integer> during, Map<String, Integer> after) {
        Map<String, Held> then = resources.at(asOf);
        Map<String, Held> now = resources.at(Instant.now());
        Map<String, Integer> seen = versions(then, (key, held) -> held.isActive() && key.startsWith("Organization/"));
        Map<String, Integer> still = new HashMap<>(seen);
        still.keySet().removeIf(key -> !now.containsKey(key) || !now.get(key).isActive());
        Map<String, Integer> unchanged = new HashMap<>(seen);
        unchanged
                .entrySet()
                .removeIf(each -> !Optional.ofNullable(now.get(each.getKey()))
                        .filter(held -> held.version() == each.getValue())
                        .isPresent());
        assertThat(seen).isNotEmpty().containsAllEntriesOf(during);
        assertThat(during).containsAllEntriesOf(unchanged);
        assertThat(after).isEqualTo(still);
    }

    /** One after the other, in either order, so that both meet the same machine: the median of the ratios of neighbours is held against the least, and the best of each are told. */
    private void compareSpeeds(SoakedResources resources, ExportClient client) throws Exception {
        Document manifest = client.complete(client.begin(ALL));
        double driver = 0;
        double export = 0;
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double first = round % 2 == 0 ? driverAlone(resources) : client.linesPerSecond(manifest);
            double second = round % 2 == 0 ? client.linesPerSecond(manifest) : driverAlone(resources);
            double ofDriver = round % 2 == 0 ? first : second;
            double ofExport = round % 2 == 0 ? second : first;
            ratios.add(ofExport / ofDriver);
            driver = Math.max(driver, ofDriver);
            export = Math.max(export, ofExport);
        }
        ratios.sort(Comparator.naturalOrder());
        figures.put("driverPerSecond", Math.round(driver));
        figures.put("exportPerSecond", Math.round(export));
        figures.put("ratioOfTheBest", hundredths(export / driver));
        ratio = median(ratios);
        figures.put("ratio", hundredths(ratio));
        figures.put("ratios", ratios.stream().map(ExportIT::hundredths).toList());
    }

    /** Of an even number the lower one of the two in the middle: nothing is rounded up. */
    private static double median(List<Double> sorted) {
        return sorted.get((sorted.size() - 1) / 2);
    }

    private static double hundredths(double value) {
        return Math.round(100 * value) / 100.0;
    }

    /** What a program would do that asks the database itself: all of a type in its order, as text into a buffer. */
    private static double driverAlone(SoakedResources resources) {
        AtomicLong lines = new AtomicLong();
        long begun = System.nanoTime();
        Utf8Buffer out = new Utf8Buffer(1 << 17);
        resources.inside(all -> {
            for (String type : SoakedResources.TYPES) {
                lines.addAndGet(written(all.getCollection(type, RawBsonDocument.class), out));
            }
        });
        return lines.get() * 1e9 / (System.nanoTime() - begun);
    }

    private static long written(MongoCollection<RawBsonDocument> current, Utf8Buffer out) {
        long lines = 0;
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
        return lines;
    }
}
