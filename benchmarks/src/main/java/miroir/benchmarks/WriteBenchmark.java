package miroir.benchmarks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** Prepares two databases that are alike, one behind a server and one for the driver, and has them compared. */
final class WriteBenchmark {
    private static final int RESOURCES = 4_800;
    private static final int ROUNDS = 3;
    private static final int WRITES_PER_CLIENT = 500;

    private final String uri;
    private final String name;
    private final String revision;
    private final Consumer<String> progress;

    WriteBenchmark(String uri, String name, String revision, Consumer<String> progress) {
        this.uri = uri;
        this.name = name;
        this.revision = revision;
        this.progress = progress;
    }

    WriteReport run() throws IOException, InterruptedException, ExecutionException {
        String bareName = name + "_bare";
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(name).drop();
            client.getDatabase(bareName).drop();
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            Machine machine = Machine.here(status.getString("version"));
            progress.accept("loading 2 x " + RESOURCES + " practitioners");
            try (Database database = Database.open(uri, name)) {
                new LoadPractitioners(database.store()).run(RESOURCES);
            }
            List<WriteMeasurement> medians =
                    compare(bareName, status.get("pid", Number.class).longValue());
            client.getDatabase(name).drop();
            client.getDatabase(bareName).drop();
            return new WriteReport(
                    LocalDate.now(ZoneOffset.UTC).toString(), revision, RESOURCES, ROUNDS, machine, medians);
        }
    }

    private List<WriteMeasurement> compare(String bareName, long databasePid)
            throws IOException, InterruptedException, ExecutionException {
        try (BareProtocol bare = new BareProtocol(uri, bareName)) {
            List<WrittenResource> resources = bothStates(bareName, bare);
            Path logs = Files.createTempDirectory("miroir-bench");
            try (ShippedServer server = ShippedServer.start(uri, name, logs, Map.of("MIROIR_WRITABLE", "true"))) {
                return new WriteComparison(ROUNDS, WRITES_PER_CLIENT, server, databasePid, bare, resources, progress)
                        .run();
            }
        }
    }

    /** Has the store make the documents of both states of every resource. */
    private List<WrittenResource> bothStates(String bareName, BareProtocol bare) throws InterruptedException {
        List<WrittenResource> resources = new ArrayList<>();
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        try (Database database = Database.open(uri, bareName)) {
            for (RawBsonDocument resource : LoadPractitioners.chosen(RESOURCES)) {
                String id = resource.getString("id").getValue();
                List<byte[]> bodies = WrittenResource.bodies(resource);
                List<BsonDocument> documents = new ArrayList<>();
                for (byte[] body : bodies) {
                    ResourceKey key = new ResourceKey(Database.TYPE, id);
                    database.store().put(Caller.everyone(), key, reader.read(body), Precondition.none());
                    documents.add(bare.stored(id));
                }
                resources.add(new WrittenResource(id, bodies, documents));
            }
        }
        return resources;
    }
}
