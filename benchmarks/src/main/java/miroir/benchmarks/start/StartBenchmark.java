package miroir.benchmarks.start;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import miroir.benchmarks.DirectoryLoad;
import miroir.benchmarks.Machine;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.Document;

/** A directory of a million resources, and starts of the server on it: in turns with its cache of loaded classes and without. */
record StartBenchmark(String uri, String name, Path image, String revision, Consumer<String> progress) {
    private static final int PRACTITIONERS = Integer.getInteger("miroir.start.practitioners", 320_000);
    private static final int ROUNDS = Integer.getInteger("miroir.start.rounds", 7);
    private static final long SEED = 1;
    private static final String WITHOUT_CACHE = "-XX:AOTMode=off";

    StartReport run() throws Exception {
        Directory directory = new Directory(SEED, PRACTITIONERS);
        new DirectoryLoad(uri, name, progress).run(directory);
        Machine machine = Machine.here(version());
        ImageServer server = new ImageServer(uri, name, image);
        List<Start> cached = new ArrayList<>();
        List<Start> plain = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            cached.add(server.start(""));
            plain.add(server.start(WITHOUT_CACHE));
            progress.accept("round %d: ready after %d ms, without the cache %d ms"
                    .formatted(
                            round,
                            cached.get(round - 1).millis(),
                            plain.get(round - 1).millis()));
        }
        return new StartReport(
                LocalDate.now(ZoneOffset.UTC).toString(), revision, resources(directory), machine, cached, plain);
    }

    private static long resources(Directory directory) {
        return Stream.of(Kind.values()).mapToLong(directory::size).sum();
    }

    private String version() {
        try (MongoClient client = MongoClients.create(uri)) {
            return client.getDatabase(name)
                    .runCommand(new Document("buildInfo", 1))
                    .getString("version");
        }
    }
}
