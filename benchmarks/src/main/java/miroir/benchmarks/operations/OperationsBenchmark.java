package miroir.benchmarks.operations;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import miroir.benchmarks.DirectoryLoad;
import miroir.benchmarks.Machine;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.questions.Somebody;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Fills a database with a made-up directory, starts the servers and has them compared. */
record OperationsBenchmark(Plan plan, String uri, String name, String revision, Consumer<String> progress) {
    private static final long SEED = 20_261_130L;
    private static final int PEOPLE = 500;

    /** Memory is given back when nothing was collected for half a minute, which is looked at every half a minute. */
    private static final Duration REST = Duration.ofSeconds(75);

    /** Whom operations are about, the same in all processes. */
    static List<Somebody> people(int practitioners) {
        return Somebody.some(new Directory(SEED, practitioners), PEOPLE, SEED).stream()
                .filter(Operation::isAskedAbout)
                .toList();
    }

    Report run(@Nullable LastRun last) throws Exception {
        try (MongoClient client = MongoClients.create(uri)) {
            MongoDatabase database = client.getDatabase(name);
            database.drop();
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            Machine machine = Machine.here(status.getString("version"));
            new DirectoryLoad(uri, name, progress).run(new Directory(SEED, plan.practitioners()));
            // A checkpoint: sizes on the disk are those of the last one.
            client.getDatabase("admin").runCommand(new Document("fsync", 1));
            long databasePid = status.get("pid", Number.class).longValue();
            Report report = measured(database, machine, databasePid, last);
            database.drop();
            return report;
        }
    }

    private Report measured(MongoDatabase database, Machine machine, long databasePid, @Nullable LastRun last)
            throws Exception {
        Path logs = Files.createTempDirectory("miroir-bench");
        List<Somebody> people = people(plan.practitioners());
        String since = changed(database).toString();
        try (ServerProcess served = ServerProcess.start(Way.SERVED, uri, name, plan.practitioners(), logs);
                ServerProcess ordinary = plan.isOrdinaryMeasured()
                        ? ServerProcess.start(Way.ORDINARY, uri, name, plan.practitioners(), logs)
                        : null;
                ServerProcess bare = ServerProcess.start(Way.BARE, uri, name, plan.practitioners(), logs)) {
            List<Asked> ways = new ArrayList<>();
            Map<Way, List<Long>> pids = new EnumMap<>(Way.class);
            for (ServerProcess each :
                    Stream.of(served, ordinary, bare).filter(Objects::nonNull).toList()) {
                ways.add(new Asked(each.way(), local(each.port()), people, since, null));
                pids.put(each.way(), List.of(each.pid()));
            }
            List<Measurement> medians = new Comparison(plan, ways, pids, databasePid, progress).run();
            long resident = ProcessCpu.residentMegabytes(served.pid());
            progress.accept("the server has " + resident + " MB, and rests");
            Thread.sleep(REST.toMillis());
            return new Report(
                    LocalDate.now(ZoneOffset.UTC).toString(),
                    revision,
                    null,
                    plan,
                    machine,
                    medians,
                    rooms(database),
                    resident,
                    ProcessCpu.residentMegabytes(served.pid()),
                    last);
        }
    }

    private static URI local(int port) {
        return URI.create("http://127.0.0.1:" + port + "/fhir");
    }

    private static List<Room> rooms(MongoDatabase database) {
        return Room.of(database, Arrays.stream(Kind.values()).map(Kind::type).toList());
    }

    /** When the practitioner in the middle was stored: half of them are on the pages after it. */
    private static Instant changed(MongoDatabase database) {
        long half = database.getCollection("Practitioner").estimatedDocumentCount() / 2;
        Document middle = database.getCollection("Practitioner")
                .find()
                .projection(Projections.include("t_lastupdated"))
                .sort(Sorts.ascending("t_lastupdated", "n"))
                .skip(Math.toIntExact(half))
                .first();
        return Instant.ofEpochMilli(Objects.requireNonNull(middle).getLong("t_lastupdated"));
    }
}
