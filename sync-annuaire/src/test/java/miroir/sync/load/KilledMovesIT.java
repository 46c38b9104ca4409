package miroir.sync.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import miroir.storage.Mirrored;
import miroir.storage.OpenedStore;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The programs as they are shipped, killed anywhere in the middle, and called again. */
@ExtendWith(MongoExtension.class)
class KilledMovesIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final int RESOURCES = 4_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestDatabase database;
    private final Path folder;
    private final Random random = new Random(Long.getLong("miroir.seed", System.nanoTime()));

    KilledMovesIT(TestDatabase database, @TempDir Path folder) {
        this.database = database;
        this.folder = folder;
    }

    private Map<String, String> environment(String copy) {
        return Map.of(
                "MONGODB_URI",
                database.uri(),
                "MIROIR_DATABASE",
                database.name() + copy,
                "MIROIR_TYPES",
                "Organization",
                "MIROIR_SEARCH_CONF",
                ROOT.resolve("conf/search").toString());
    }

    private JavaProcess start(String copy, String... arguments) throws Exception {
        return new JavaProcess(
                folder.resolve("out"),
                List.of("-Xmx256m"),
                "sync-annuaire/miroir.sync.SyncMain",
                environment(copy),
                arguments);
    }

    /** Shortly after it says that: not before it has begun, however slow the machine is. */
    private void killed(String saying, String copy, String... arguments) throws Exception {
        try (JavaProcess process = start(copy, arguments)) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            boolean hasEnded = false;
            while (!hasEnded && !process.printed().contains(saying) && System.nanoTime() < end) {
                hasEnded = process.hasEndedWithin(Duration.ofMillis(20));
            }
            assertThat(process.printed()).contains(saying);
            process.hasEndedWithin(Duration.ofMillis(random.nextInt(400)));
        }
    }

    private void ends(String copy, String... arguments) throws Exception {
        try (JavaProcess process = start(copy, arguments)) {
            assertThat(process.hasEndedWithin(PATIENCE)).isTrue();
            assertThat(process.exitStatus()).as(process.printed()).isZero();
        }
    }

    private void fill() throws Exception {
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        try (OpenedStore opened = OpenedStore.open(environment("")).awaitReady()) {
            for (int version = 1; version <= 2; version++) {
                List<Mirrored> batch = new ArrayList<>();
                for (int i = 0; i < RESOURCES; i++) {
                    String json = "{\"resourceType\":\"Organization\",\"id\":\"o" + i + "\",\"name\":\"Clinique " + i
                            + " de l'an " + version + "\"}";
                    batch.add(new Mirrored(
                            new ResourceKey("Organization", "o" + i),
                            reader.read(json.getBytes(StandardCharsets.UTF_8)),
                            Instant.EPOCH.plusSeconds(version)));
                }
                for (int from = 0; from < RESOURCES; from += 500) {
                    opened.store()
                            .mirrored()
                            .ingest(
                                    "a/Organization",
                                    "Organization",
                                    batch.subList(from, from + 500),
                                    Instant.now().plusSeconds(600));
                }
            }
        }
    }

    @Test
    void exportAndImport_killedAnywhere_areWholeInTheEnd() throws Exception {
        fill();
        String archive = folder.resolve("archive").toString();
        isRefusedWhileAnotherProgramWrites(folder.resolve("archive"));
        killed("everything as at", "", "export", "--to", archive);
        if (!Files.exists(folder.resolve("archive/manifest.json"))) {
            ends("", "export", "--to", archive);
        }
        killed("files are whole", "_copy", "import", archive);
        letGo();
        killed("lines are in", "_copy", "import", archive);
        letGo();
        killed("everything ", "_copy", "import", archive);
        ends("_copy", "import", archive);
        try (MongoClient client = MongoClients.create(database.uri())) {
            for (String collection : List.of("Organization", "Organization_history")) {
                assertThat(cells(client.getDatabase(database.name() + "_copy"), collection))
                        .hasSize(RESOURCES)
                        .isEqualTo(cells(client.getDatabase(database.name()), collection));
            }
        }
    }

    /** Of two exports into one folder the second one says so, and leaves it as it is. */
    private void isRefusedWhileAnotherProgramWrites(Path archive) throws Exception {
        Files.createDirectory(archive);
        Path begun = archive.resolve("export.part");
        Path written = archive.resolve("Organization-0001.ndjson.gz.part");
        try (FileChannel other = FileChannel.open(begun, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = other.lock();
                JavaProcess process = start("", "export", "--to", archive.toString())) {
            Files.writeString(written, "half of it");
            assertThat(lock.isValid()).isTrue();
            assertThat(process.hasEndedWithin(PATIENCE)).isTrue();
            assertThat(process.exitStatus()).as(process.printed()).isEqualTo(1);
            assertThat(process.printed()).contains("is being written by another export");
            assertThat(written).hasContent("half of it");
        }
    }

    /** Without waiting until the time of who was killed is over, as whoever comes next does. */
    private void letGo() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name() + "_copy")
                    .getCollection("miroir_search")
                    .updateOne(
                            Filters.and(Filters.eq("_id", "in force"), Filters.exists("filling")),
                            Updates.set("filling.until", new BsonDateTime(0)));
        }
    }

    private static List<BsonDocument> cells(MongoDatabase inside, String collection) {
        List<BsonDocument> cells = inside.getCollection(collection, BsonDocument.class)
                .find()
                .sort(new BsonDocument("_id", new BsonInt32(1)))
                .into(new ArrayList<>());
        cells.forEach(cell -> cell.remove("x"));
        return cells;
    }
}
