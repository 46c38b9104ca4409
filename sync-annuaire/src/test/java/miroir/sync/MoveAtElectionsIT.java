package miroir.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Sorts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import miroir.storage.Mirrored;
import miroir.storage.OpenedStore;
import miroir.storage.testing.LocalReplicaSet;
import miroir.storage.testing.TestMongod;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports and imports while the primary of three members steps down or is killed: one command each, and all is there. */
@Tag("long")
final class MoveAtElectionsIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final List<String> TYPES = List.of("Device", "Organization");
    private static final int RESOURCES = 2_000;
    private static final Instant FOR_EVER = Instant.parse("2100-01-01T00:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private CompletableFuture<Void> killed = CompletableFuture.completedFuture(null);

    private static Map<String, String> environment(LocalReplicaSet members, String database) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MONGODB_URI", members.uri());
        environment.put("MIROIR_DATABASE", database);
        environment.put("MIROIR_TYPES", String.join(",", TYPES));
        environment.put("MIROIR_SEARCH_CONF", ROOT.resolve("conf/search").toString());
        return environment;
    }

    private static void fill(Map<String, String> environment) throws Exception {
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            for (String type : TYPES) {
                for (int version = 1; version <= 2; version++) {
                    List<Mirrored> batch = new ArrayList<>();
                    for (int i = 0; i < RESOURCES; i++) {
                        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"r" + i + "\",\"language\":\"fr-"
                                + version + "\"}";
                        batch.add(new Mirrored(
                                new ResourceKey(type, "r" + i),
                                reader.read(json.getBytes(UTF_8)),
                                Instant.EPOCH.plusSeconds(version)));
                    }
                    for (int from = 0; from < RESOURCES; from += 500) {
                        opened.store().mirrored().ingest("a/" + type, type, batch.subList(from, from + 500), FOR_EVER);
                    }
                }
            }
        }
    }

    /** Does something before it goes on behind a line that begins so. */
    private PrintStream atLines(Map<String, Runnable> doing) {
        return new PrintStream(out, true, UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                doing.forEach((beginning, what) -> {
                    if (line.contains(beginning)) {
                        what.run();
                    }
                });
            }
        };
    }

    private void isDone(Map<String, String> environment, Map<String, Runnable> doing, String... arguments) {
        PrintStream to = atLines(doing);
        assertThat(new SyncMain(environment, to, to).run(List.of(arguments)))
                .as(out.toString(UTF_8))
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void exportAndImport_whilePrimariesGo_areDoneByOneCommandEach(@TempDir Path folder) throws Exception {
        String archive = folder.resolve("archive").toString();
        try (LocalReplicaSet members = LocalReplicaSet.startToElect(TestMongod.binary())) {
            Map<String, String> source = environment(members, "source");
            Map<String, String> target = environment(members, "target");
            fill(source);
            isDone(source, Map.of("everything as at", members::stepDownPrimary), "export", "--to", archive);
            Map<String, Runnable> doing = Map.of(
                    "files are whole",
                    members::stepDownPrimary,
                    // The files of the type that comes next are put in meanwhile.
                    "Device-0001.ndjson.gz: 4000 lines are in",
                    () -> killed = CompletableFuture.runAsync(members::killPrimary),
                    "Organization-0001.ndjson.gz: 4000 lines are in",
                    () -> {
                        killed.join();
                        members.stepDownPrimary();
                    });
            isDone(target, doing, "import", archive);
            try (MongoClient client = MongoClients.create(members.uri())) {
                for (String type : TYPES) {
                    for (String collection : List.of(type, type + "_history")) {
                        assertThat(cells(client.getDatabase("target"), collection))
                                .as(collection)
                                .hasSize(RESOURCES)
                                .isEqualTo(cells(client.getDatabase("source"), collection));
                    }
                }
            }
        }
    }

    private static List<BsonDocument> cells(MongoDatabase inside, String collection) {
        List<BsonDocument> cells = inside.getCollection(collection, BsonDocument.class)
                .find()
                .sort(Sorts.ascending("_id"))
                .into(new ArrayList<>());
        cells.forEach(cell -> cell.remove("x"));
        return cells;
    }
}
