package miroir.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.ShippedServer;
import miroir.benchmarks.StoredPractitioners;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;

/**
 * The server as it is shipped, with many clients at once that read, search and write: nothing fails, nothing that was acknowledged is lost, memory does not grow.
 * Then ten times as many, with which it cannot keep up: who is not served waits or is told so by 503 or 429, and when they have gone it is as before.
 */
final class LoadMix implements AutoCloseable {
    private static final int PRACTITIONERS = 5_000;
    private static final int TIMES = 10;
    private static final Set<String> EARLY = Set.of("200", "429", "503");
    private static final Set<String> KINDS = Set.of("read", "search", "write");
    private static final long LOOKED_AFTER = 200;
    private static final long STACK = 128 * 1024L;

    private final ShippedServer server;
    private final List<String> ids;
    private final long seed;
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<MixedClient> writers = new ArrayList<>();
    private final List<Long> memory = new ArrayList<>();

    private LoadMix(ShippedServer server, List<String> ids, long seed) {
        this.server = server;
        this.ids = ids;
        this.seed = seed;
    }

    static LoadMix start(TestDatabase database, Path logs, long seed) throws Exception {
        List<String> ids = StoredPractitioners.load(database.uri(), database.name(), PRACTITIONERS);
        Map<String, String> settings = Map.of("MIROIR_WRITABLE", "true", "MIROIR_CONF", conf().toString());
        return new LoadMix(ShippedServer.start(database.uri(), database.name(), logs, settings), ids, seed);
    }

    private static Path conf() {
        return Path.of("..", "conf").toAbsolutePath().normalize();
    }

    Map<String, Object> figures() {
        return figures;
    }

    /** Of the server at its most, in each quarter of the steady load. */
    List<Long> memory() {
        return memory;
    }

    /** What the machine takes: no failure at all. */
    void steady(int clients, BooleanSupplier isOver) throws InterruptedException {
        Answers answers = new Answers();
        List<Long> seen = new ArrayList<>();
        long began = System.nanoTime();
        run(clients, answers, () -> {
            seen.add(ProcessCpu.residentMegabytes(server.process().pid()));
            return isOver.getAsBoolean();
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        put("steady", clients, answers, seconds);
        assertThat(answers.statuses()).as(answers.reasons()).containsOnlyKeys("200");
        assertThat(answers.served()).isEqualTo(KINDS);
        memory.addAll(byQuarters(seen));
        figures.put("memoryMegabytes", memory);
    }

    /** Far more than it takes: each kind goes on, and whoever is refused is told when to come back. */
    void overload(int clients, BooleanSupplier isOver) throws InterruptedException {
        Answers answers = new Answers();
        long began = System.nanoTime();
        run(TIMES * clients, answers, isOver);
        put("overload", TIMES * clients, answers, (System.nanoTime() - began) / 1e9);
        assertThat(EARLY)
                .as("%s %s", answers.statuses(), answers.reasons())
                .containsAll(answers.statuses().keySet());
        assertThat(answers.served()).as("%s", answers.statuses()).isEqualTo(KINDS);
        assertThat(answers.untold()).isEmpty();
    }

    /** The very next requests are served, and whatever was acknowledged is there. */
    void checkAfterwards() throws IOException {
        int lost = 0;
        assertThat(writers).anyMatch(writer -> writer.acknowledged() > 0);
        try (HttpConnection connection = new HttpConnection(server.port())) {
            for (MixedClient writer : writers) {
                if (writer.acknowledged() == 0) {
                    continue;
                }
                assertThat(connection.get("/fhir/Practitioner/" + writer.id())).isEqualTo(200);
                String given = Document.parse(connection.body())
                        .getList("name", Document.class)
                        .get(0)
                        .getList("given", String.class)
                        .get(0);
                // What was sent last may have been stored without an answer that arrived.
                lost += Integer.parseInt(given.substring(1)) < writer.acknowledged() ? 1 : 0;
            }
            assertThat(connection.get("/fhir/Practitioner?active=true&_count=50"))
                    .isEqualTo(200);
        }
        figures.put("lost", lost);
        assertThat(lost).isZero();
    }

    private static List<Long> byQuarters(List<Long> seen) {
        List<Long> most = new ArrayList<>();
        for (int quarter = 0; quarter < 4; quarter++) {
            int end = Math.max(1, seen.size() * (quarter + 1) / 4);
            most.add(seen.subList(seen.size() * quarter / 4, end).stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0));
        }
        return most;
    }

    private void run(int clients, Answers answers, BooleanSupplier isOver) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            // Clients have numbers of their own: what another one wrote would not be known.
            MixedClient client = new MixedClient(writers.size(), server.port(), ids, seed, answers);
            writers.add(client);
            Thread thread = new Thread(null, () -> client.run(stopped::get), "client-" + i, STACK);
            threads.add(thread);
            thread.start();
        }
        while (!isOver.getAsBoolean()) {
            // They end when they are told to: meanwhile this is a clock.
            threads.get(0).join(LOOKED_AFTER);
        }
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void put(String name, int clients, Answers answers, double seconds) {
        figures.put(
                name,
                new Document("clients", clients)
                        .append("seconds", Math.round(seconds))
                        .append("requests", answers.all())
                        .append("perSecond", Math.round(answers.all() / seconds))
                        .append("statuses", new Document(new LinkedHashMap<>(answers.statuses())))
                        .append("p50Millis", new Document(new LinkedHashMap<>(answers.millis(50))))
                        .append("p99Millis", new Document(new LinkedHashMap<>(answers.millis(99)))));
    }

    @Override
    public void close() {
        server.close();
    }
}
