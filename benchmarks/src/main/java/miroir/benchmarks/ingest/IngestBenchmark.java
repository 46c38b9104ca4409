package miroir.benchmarks.ingest;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.InsertOneModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import miroir.benchmarks.BatchAnswer;
import miroir.benchmarks.BatchBundle;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.Machine;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.ServeDatabase;
import miroir.server.MiroirServer;
import miroir.storage.sync.Definition;
import miroir.sync.upstream.Page;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * Loads the same directory again and again: by the store, from pages in memory; by the driver, from the documents that the
 * store made of them; by the daemon, from a simulator over HTTP; by a server, in batch bundles over HTTP. Every load has an empty database of its own, with the indexes
 * made beforehand, and in every round each way has its turn. A round that is not counted comes first.
 */
final class IngestBenchmark {
    static final int THREADS = 4;
    static final int PAGE = BatchBundle.SIZE;

    private static final int RESOURCES = Integer.getInteger("miroir.ingest.size", 20_000);
    private static final int ROUNDS = 3;
    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final String uri;
    private final String name;
    private final String revision;
    private final Consumer<String> progress;
    private final Threads threads = new Threads(THREADS);
    private final Map<Definition, List<Page>> pages = new LinkedHashMap<>();
    private final Map<String, List<List<InsertOneModel<RawBsonDocument>>>> ready = new LinkedHashMap<>();
    private final Map<Definition, List<Bundle>> bundles = new LinkedHashMap<>();

    IngestBenchmark(String uri, String name, String revision, Consumer<String> progress) {
        this.uri = uri;
        this.name = name;
        this.revision = revision;
        this.progress = progress;
    }

    /** What is measured. */
    private interface Work {
        void run() throws InterruptedException, ExecutionException;
    }

    /** A batch of the resources of a page, as it is sent. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Bundle(byte[] json, int size) {
        static Bundle of(BatchBundle batch) {
            return new Bundle(batch.end(), batch.size());
        }
    }

    /** What is asked and what it is measured by. */
    private record Bench(MongoClient client, SimulatorProcess simulator, long databasePid) {}

    IngestReport run() throws Exception {
        try (MongoClient client = MongoClients.create(uri);
                SimulatorProcess simulator = SimulatorProcess.start(RESOURCES)) {
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            Machine machine = Machine.here(status.getString("version"));
            Bench bench =
                    new Bench(client, simulator, status.get("pid", Number.class).longValue());
            Map<IngestWay, List<IngestMeasurement>> rounds = new EnumMap<>(IngestWay.class);
            for (int round = 0; round <= ROUNDS; round++) {
                for (IngestMeasurement measurement : round(bench, round % 2 == 1)) {
                    progress.accept((round == 0 ? "warm-up" : "round " + round) + ": "
                            + measurement.json().strip());
                    if (round > 0) {
                        rounds.computeIfAbsent(measurement.way(), way -> new ArrayList<>())
                                .add(measurement);
                    }
                }
            }
            Map<IngestWay, IngestMeasurement> medians = new EnumMap<>(IngestWay.class);
            rounds.forEach((way, measured) -> medians.put(way, IngestMeasurement.median(measured)));
            return new IngestReport(
                    LocalDate.now(ZoneOffset.UTC).toString(), revision, resources(), ROUNDS, machine, medians);
        }
    }

    /** The driver has its turn before the store or after it; in the first round after it, for the store makes its documents. */
    private List<IngestMeasurement> round(Bench bench, boolean bareFirst) throws Exception {
        List<IngestMeasurement> measured = new ArrayList<>();
        if (bareFirst) {
            measured.add(bare(bench));
        }
        measured.addAll(takenIn(bench));
        if (!bareFirst) {
            measured.add(bare(bench));
        }
        measured.addAll(copied(bench));
        measured.add(batches(bench));
        return measured;
    }

    private List<IngestMeasurement> takenIn(Bench bench) throws InterruptedException, ExecutionException {
        try (DirectoryStore directory = DirectoryStore.open(bench.client, uri, name + "_taken_in");
                Copier copier = new Copier(directory, bench.simulator.base())) {
            if (pages.isEmpty()) {
                Copier.DEFINITIONS.forEach(definition -> pages.put(definition, copier.pages(definition)));
                pages.forEach((definition, all) -> bundles.put(
                        definition,
                        all.stream()
                                .map(page -> Bundle.of(copier.batch(definition, page)))
                                .toList()));
            }
            IngestMeasurement first = measure(bench, IngestWay.TAKEN_IN, () -> takeIn(copier));
            if (ready.isEmpty()) {
                keepDocuments(bench.client.getDatabase(directory.settings().database()));
            }
            copier.forget();
            return List.of(first, measure(bench, IngestWay.TAKEN_IN_AGAIN, () -> takeIn(copier)));
        }
    }

    private void takeIn(Copier copier) throws InterruptedException, ExecutionException {
        for (Map.Entry<Definition, List<Page>> type : pages.entrySet()) {
            threads.each(type.getValue(), page -> copier.takeIn(type.getKey(), page));
        }
    }

    private void keepDocuments(MongoDatabase database) {
        for (Definition definition : Copier.DEFINITIONS) {
            List<List<InsertOneModel<RawBsonDocument>>> batches = new ArrayList<>();
            List<InsertOneModel<RawBsonDocument>> batch = List.of();
            for (RawBsonDocument document : database.getCollection(definition.type(), RawBsonDocument.class)
                    .find()) {
                if (batch.size() % PAGE == 0) {
                    batch = new ArrayList<>();
                    batches.add(batch);
                }
                batch.add(new InsertOneModel<>(document));
            }
            ready.put(definition.type(), batches);
        }
    }

    private IngestMeasurement bare(Bench bench) throws InterruptedException, ExecutionException {
        try (DirectoryStore directory = DirectoryStore.open(bench.client, uri, name + "_bare")) {
            MongoDatabase database = bench.client
                    .getDatabase(directory.settings().database())
                    .withWriteConcern(WriteConcern.MAJORITY.withJournal(true));
            return measure(bench, IngestWay.BARE, () -> insert(database));
        }
    }

    private void insert(MongoDatabase database) throws InterruptedException, ExecutionException {
        for (Map.Entry<String, List<List<InsertOneModel<RawBsonDocument>>>> type : ready.entrySet()) {
            MongoCollection<RawBsonDocument> collection = database.getCollection(type.getKey(), RawBsonDocument.class);
            threads.each(type.getValue(), batch -> collection.bulkWrite(batch, IN_ANY_ORDER));
        }
    }

    private List<IngestMeasurement> copied(Bench bench) throws InterruptedException, ExecutionException {
        try (DirectoryStore directory = DirectoryStore.open(bench.client, uri, name + "_copied");
                Copier copier = new Copier(directory, bench.simulator.base())) {
            return List.of(
                    measure(bench, IngestWay.COPIED, () -> copier.copy(false)),
                    measure(bench, IngestWay.COPIED_AGAIN, () -> copier.copy(true)));
        }
    }

    private IngestMeasurement batches(Bench bench) throws Exception {
        try (DirectoryStore directory = DirectoryStore.open(bench.client, uri, name + "_batches");
                MiroirServer server = ServeDatabase.start(directory.database(), "access:\n  writable: true\n", false)) {
            return measure(bench, IngestWay.BATCHES, () -> {
                for (List<Bundle> type : bundles.values()) {
                    threads.each(type, bundle -> send(server.port(), bundle));
                }
            });
        }
    }

    private static void send(int port, Bundle bundle) {
        try (HttpConnection connection = new HttpConnection(port)) {
            int status = connection.send("POST", "/fhir", "application/fhir+json", bundle.json());
            if (status != 200) {
                throw new IllegalStateException("a batch was answered with " + status + ": " + connection.body());
            }
            BatchAnswer.check(connection.body(), bundle.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int resources() {
        return pages.values().stream()
                .flatMap(List::stream)
                .mapToInt(page -> page.entries().size())
                .sum();
    }

    private IngestMeasurement measure(Bench bench, IngestWay way, Work work)
            throws InterruptedException, ExecutionException {
        long self = ProcessHandle.current().pid();
        double database = ProcessCpu.seconds(bench.databasePid);
        double java = ProcessCpu.seconds(self);
        double simulator = bench.simulator.cpuSeconds();
        long began = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - began) / 1e9;
        double micros = 1e6 / resources();
        return new IngestMeasurement(
                way,
                resources() / seconds,
                (ProcessCpu.seconds(bench.databasePid) - database) * micros,
                (ProcessCpu.seconds(self) - java) * micros,
                (bench.simulator.cpuSeconds() - simulator) * micros);
    }
}
