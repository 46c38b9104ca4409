package miroir.benchmarks.presence;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.Machine;
import miroir.benchmarks.Pairs;
import miroir.benchmarks.ReadCost;
import miroir.benchmarks.ShippedServer;
import miroir.benchmarks.StoredPractitioners;
import miroir.storage.MongoStoreSettings;
import org.bson.Document;

/**
 * Reads resources while nobody looks at the console, and while a hundred browsers look at its pages, a third of them at synchronisations of which one goes on, from the
 * server as it is shipped. In every round both have their turn, each first in turn.
 */
final class PresenceBenchmark {
    private static final int WATCHERS = 100;
    /** As many as a server lets a session have. */
    private static final int STREAMS_OF_ONE = 8;

    private static final int PRACTITIONERS = 2_000;
    private static final int READS = Integer.getInteger("miroir.presence.reads", 8_000);
    private static final int ROUNDS = Integer.getInteger("miroir.presence.rounds", 24);
    private static final int WARM_UPS = 6;
    private static final String LOCAL_TOKEN = "miroir_local-token-of-the-benchmark";
    private static final String PASSWORD = "a password for the benchmark";

    private final String uri;
    private final String name;
    private final String revision;
    private final Consumer<String> progress;
    private final List<Double> alone = new ArrayList<>();
    private final List<Double> watched = new ArrayList<>();
    private long bytes;

    PresenceBenchmark(String uri, String name, String revision, Consumer<String> progress) {
        this.uri = uri;
        this.name = name;
        this.revision = revision;
        this.progress = progress;
    }

    PresenceReport run() throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory("miroir-bench");
        Path token = Files.writeString(folder.resolve("token"), LOCAL_TOKEN);
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(name).drop();
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            Machine machine = Machine.here(status.getString("version"));
            List<String> ids = StoredPractitioners.load(uri, name, PRACTITIONERS);
            try (Synchronising daemon = Synchronising.begin(MongoStoreSettings.of(uri, name, Set.of("Practitioner")));
                    ShippedServer server = ShippedServer.start(
                            uri,
                            name,
                            folder,
                            Map.of("MIROIR_WRITE_TOKEN_FILE", token.toString(), "MIROIR_TYPES", "Practitioner"))) {
                daemon.goOn();
                makeViewer(server);
                List<String> cookies = new ArrayList<>();
                for (int i = 0; i < WATCHERS; i += STREAMS_OF_ONE) {
                    cookies.add(logIn(server));
                }
                measure(server, cookies, ids, status.get("pid", Number.class).longValue());
            }
            client.getDatabase(name).drop();
            return new PresenceReport(
                    LocalDate.now(ZoneOffset.UTC).toString(),
                    revision,
                    WATCHERS,
                    READS,
                    ROUNDS,
                    bytes,
                    machine,
                    new Pairs(watched, alone));
        }
    }

    private void measure(ShippedServer server, List<String> cookies, List<String> ids, long databasePid)
            throws IOException, InterruptedException {
        ReadCost cost = new ReadCost(server.process().pid(), databasePid, READS);
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (boolean isWatched : round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                double each;
                try (Watchers watchers = Watchers.open(isWatched ? WATCHERS : 0, server.port(), cookies);
                        HttpConnection connection = new HttpConnection(server.port())) {
                    // What each is shown first is not what it costs to have them.
                    Thread.sleep(2_000);
                    long before = watchers.bytes();
                    each = cost.micros(connection, ids, round);
                    bytes += round < 0 ? 0 : watchers.bytes() - before;
                    if (isWatched && watchers.bytes() == before) {
                        throw new IllegalStateException("the browsers were shown nothing");
                    }
                }
                if (round >= 0) {
                    (isWatched ? watched : alone).add(each);
                }
            }
            progress.accept(round < 0 ? "warming up" : "round " + (round + 1) + " of " + ROUNDS);
        }
    }

    /** Somebody who may look. */
    private static void makeViewer(ShippedServer server) throws IOException {
        try (HttpConnection admin =
                new HttpConnection(server.port(), "Authorization: Bearer " + LOCAL_TOKEN + "\r\n")) {
            Document viewer =
                    new Document("name", "bench").append("role", "viewer").append("password", PASSWORD);
            int status = admin.send(
                    "POST",
                    "/admin/api/administrators",
                    "application/json",
                    viewer.toJson().getBytes(StandardCharsets.UTF_8));
            if (status >= 300) {
                throw new IllegalStateException("nobody was made: " + status + " " + admin.body());
            }
        }
    }

    /** The cookie of a session of his. */
    private static String logIn(ShippedServer server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/admin/do/post/session"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        "name=bench&password=" + PASSWORD.replace(' ', '+') + "&next=/admin&back=/admin/login"))
                .build();
        HttpResponse<Void> answer = HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
        return answer.headers()
                .firstValue("Set-Cookie")
                .map(cookie -> cookie.split(";", 2)[0])
                .orElseThrow(() -> new IllegalStateException("no login: " + answer.statusCode()));
    }
}
