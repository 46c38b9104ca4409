package miroir.benchmarks.checks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.Machine;
import miroir.benchmarks.Pairs;
import miroir.benchmarks.ReadCost;
import miroir.benchmarks.ShippedServer;
import miroir.benchmarks.StoredPractitioners;
import org.bson.Document;

/**
 * Reads the same practitioners as nobody and as consumers who may read more or less of them, from the server as it is shipped. In every round
 * each has its turn, in another order each time; a pair is what reads cost a consumer and nobody in the same round.
 */
final class ChecksBenchmark {
    private static final int PRACTITIONERS = 2_000;
    private static final int READS = Integer.getInteger("miroir.checks.reads", 2_000);
    private static final int ROUNDS = 36;
    private static final int WARM_UPS = 15;
    private static final String LOCAL_TOKEN = "miroir_local-token-of-the-benchmark";

    private final String uri;
    private final String name;
    private final String revision;
    private final Consumer<String> progress;

    ChecksBenchmark(String uri, String name, String revision, Consumer<String> progress) {
        this.uri = uri;
        this.name = name;
        this.revision = revision;
        this.progress = progress;
    }

    ChecksReport run() throws IOException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory("miroir-bench");
        Path token = Files.writeString(folder.resolve("token"), LOCAL_TOKEN);
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(name).drop();
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            Machine machine = Machine.here(status.getString("version"));
            List<String> ids = StoredPractitioners.load(uri, name, PRACTITIONERS);
            List<Checked> checked;
            try (ShippedServer server = ShippedServer.start(
                    uri,
                    name,
                    folder,
                    Map.of("MIROIR_WRITE_TOKEN_FILE", token.toString(), "MIROIR_TYPES", "Practitioner"))) {
                checked = measure(server, ids, status.get("pid", Number.class).longValue());
            }
            client.getDatabase(name).drop();
            return new ChecksReport(
                    LocalDate.now(ZoneOffset.UTC).toString(), revision, READS, ROUNDS, machine, checked);
        }
    }

    private List<Checked> measure(ShippedServer server, List<String> ids, long databasePid) throws IOException {
        Map<Asker, String> headers = new EnumMap<>(Asker.class);
        for (Asker asker : Asker.values()) {
            headers.put(asker, headers(server, asker));
        }
        List<String> seen = seenByAll(server, headers.values(), ids);
        ReadCost cost = new ReadCost(server.process().pid(), databasePid, READS);
        Map<Asker, List<Double>> micros = new EnumMap<>(Asker.class);
        List<Asker> turns = new ArrayList<>(Arrays.asList(Asker.values()));
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            Collections.rotate(turns, 1);
            for (Asker asker : turns) {
                // One that waited for the others would be idle for too long.
                try (HttpConnection connection =
                        new HttpConnection(server.port(), Objects.requireNonNull(headers.get(asker)))) {
                    double each = cost.micros(connection, seen, round);
                    if (round >= 0) {
                        micros.computeIfAbsent(asker, any -> new ArrayList<>()).add(each);
                    }
                }
            }
            progress.accept(round < 0 ? "warming up" : "round " + (round + 1) + " of " + ROUNDS);
        }
        return Arrays.stream(Asker.values())
                .map(asker -> new Checked(
                        asker,
                        new Pairs(micros.getOrDefault(asker, List.of()), micros.getOrDefault(Asker.NOBODY, List.of()))))
                .toList();
    }

    /** Who may not see one of them would be answered something else, and cheaper. */
    private static List<String> seenByAll(ShippedServer server, Collection<String> headers, List<String> ids)
            throws IOException {
        List<String> seen = new ArrayList<>(ids);
        for (String each : headers) {
            try (HttpConnection connection = new HttpConnection(server.port(), each)) {
                List<String> here = new ArrayList<>();
                for (String id : seen) {
                    if (connection.get("/fhir/Practitioner/" + id) == 200) {
                        here.add(id);
                    }
                }
                seen = here;
            }
        }
        if (seen.size() < ids.size() / 2) {
            throw new IllegalStateException("only " + seen.size() + " of " + ids.size() + " are seen by all who ask");
        }
        return seen;
    }

    /** Makes a role, a consumer and a token for whoever needs one. */
    private static String headers(ShippedServer server, Asker asker) throws IOException {
        if (asker.permissions().isEmpty()) {
            return "";
        }
        String called = "bench-" + asker.name().toLowerCase(Locale.ROOT);
        try (HttpConnection admin = new HttpConnection(server.port(), bearer(LOCAL_TOKEN))) {
            tell(admin, "PUT", "roles/" + called, new Document("permissions", asker.permissions()));
            tell(admin, "PUT", "consumers/" + called, new Document("roles", List.of(called)));
            tell(admin, "POST", "consumers/" + called + "/tokens", new Document("label", "bench"));
            return bearer(Document.parse(admin.body()).getString("token"));
        }
    }

    private static void tell(HttpConnection admin, String method, String path, Document body) throws IOException {
        int status = admin.send(
                method, "/admin/api/" + path, "application/json", body.toJson().getBytes(StandardCharsets.UTF_8));
        if (status >= 300) {
            throw new IllegalStateException(path + " was answered with " + status + ": " + admin.body());
        }
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }
}
