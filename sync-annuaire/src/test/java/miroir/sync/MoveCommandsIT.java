package miroir.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.structure.Structures;
import miroir.storage.Mirrored;
import miroir.storage.MirroredResources;
import miroir.storage.MongoResourceStore;
import miroir.storage.OpenedStore;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.daemon.Leader;
import org.awaitility.Awaitility;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Everything of a database into files, and from there into another one: cell by cell the same, whatever comes between. */
@ExtendWith(MongoExtension.class)
class MoveCommandsIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private static final String TYPES = "Organization,Device,Binary";
    private static final String OWNER = "annuaire/Device";
    private static final Instant FOR_EVER = Instant.parse("2100-01-01T00:00:00Z");

    private final TestDatabase database;
    private final Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final MongoClient client;

    MoveCommandsIT(TestDatabase database, @TempDir Path folder) {
        this.database = database;
        this.folder = folder.resolve("archive");
        this.client = MongoClients.create(database.uri());
    }

    @BeforeEach
    void drop() {
        inside("").drop();
        inside("_copy").drop();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private Map<String, String> environment(String copy) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MONGODB_URI", database.uri());
        environment.put("MIROIR_DATABASE", database.name() + copy);
        environment.put("MIROIR_TYPES", TYPES);
        environment.put("MIROIR_SEARCH_CONF", ROOT.resolve("conf/search").toString());
        return environment;
    }

    private MongoDatabase inside(String copy) {
        return client.getDatabase(database.name() + copy);
    }

    private MongoCollection<BsonDocument> documents(String copy, String collection) {
        return inside(copy).getCollection(collection, BsonDocument.class);
    }

    private SyncMain command(String copy) {
        PrintStream to = new PrintStream(out, true, UTF_8);
        return new SyncMain(environment(copy), to, to);
    }

    private ExitCode export() {
        return command("").run(List.of("export", "--to", folder.toString()));
    }

    private ExitCode importInto(String copy) {
        return command(copy).run(List.of("import", folder.toString()));
    }

    private String said() {
        return out.toString(UTF_8);
    }

    private OpenedStore open(String copy) {
        try {
            return OpenedStore.open(environment(copy)).awaitReady();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RawBsonDocument json(String text) {
        return READER.read(text.getBytes(UTF_8));
    }

    private static RawBsonDocument organization(String id, String name) {
        return json("{\"resourceType\":\"Organization\",\"id\":\"" + id
                + "\",\"meta\":{\"tag\":[{\"code\":\"a\"}],\"profile\":[\"https://example.org/p|1.2\"]},\"extension\":["
                + "{\"url\":\"https://example.org/a\",\"valueDecimal\":1.500},{\"url\":\"https://example.org/b\",\"valueDecimal\":1E+2},"
                + "{\"url\":\"https://example.org/c\",\"valueDecimal\":-0.0},{\"url\":\"https://example.org/d\",\"valueDecimal\":0.0000001},"
                + "{\"url\":\"https://example.org/e\",\"valueDecimal\":12345678901234567890.1234567890},"
                + nested(20) + "],\"name\":\"" + name
                + "\",\"address\":[{\"line\":[null,\"12 bis\"],\"_line\":[{\"extension\":[{\"url\":\"https://example.org/l\","
                + "\"valueString\":\"œuvre\"}]},null],\"city\":\"L'Haÿ-les-Roses\"}]}");
    }

    private static String nested(int depth) {
        return depth == 0
                ? "{\"url\":\"https://example.org/leaf\",\"valueString\":\"\\\"\\\\\\n\\t𝒜 日本 \u2028\"}"
                : "{\"url\":\"https://example.org/n" + depth + "\",\"extension\":[" + nested(depth - 1) + "]}";
    }

    private static ResourceKey key(String type, String id) {
        return new ResourceKey(type, id);
    }

    private static void put(MongoResourceStore store, String id, String name) {
        store.put(Caller.everyone(), key("Organization", id), organization(id, name), Precondition.none());
    }

    /** A number that is answered as 3, and is another one to the hash of who sends it so. */
    private static void putExponent(MongoResourceStore store) {
        store.put(
                Caller.everyone(),
                key("Organization", "exponent"),
                json(
                        "{\"resourceType\":\"Organization\",\"id\":\"exponent\",\"extension\":[{\"url\":\"https://example.org/a\",\"valueDecimal\":3E0}]}"),
                Precondition.none());
    }

    private static void delete(MongoResourceStore store, String id) {
        store.delete(Caller.everyone(), key("Organization", id), Precondition.none());
    }

    private static void mirror(MirroredResources mirrored, String id, String status, String up) {
        RawBsonDocument device =
                json("{\"resourceType\":\"Device\",\"id\":\"" + id + "\",\"status\":\"" + status + "\"}");
        mirrored.ingest(OWNER, "Device", List.of(new Mirrored(key("Device", id), device, Instant.parse(up))), FOR_EVER);
    }

    /** One of each thing that can have happened to a resource. */
    private void fill() {
        try (OpenedStore opened = open("")) {
            MongoResourceStore store = opened.store();
            for (int i = 1; i <= 4; i++) {
                put(store, "changed", "Élysée " + i);
            }
            put(store, "deleted", "weg");
            delete(store, "deleted");
            put(store, "again", "weg");
            delete(store, "again");
            put(store, "again", "wieder da");
            put(store, "erased", "Geheim");
            put(store, "erased", "Geheimer");
            store.erase(Caller.everyone(), key("Organization", "erased"));
            store.create(Caller.everyone(), key("Organization", "posted"), organization("posted", "neu"));
            List<Mirrored> many = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                many.add(new Mirrored(
                        key("Organization", "many-" + i),
                        organization("many-" + i, "Pharmacie " + i),
                        Instant.parse("2024-01-01T00:00:00Z")));
            }
            store.mirrored().ingest("annuaire/Organization", "Organization", many, FOR_EVER);
            store.put(
                    Caller.everyone(),
                    key("Binary", "b"),
                    json(
                            "{\"resourceType\":\"Binary\",\"id\":\"b\",\"contentType\":\"text/plain\",\"data\":\"SGFsbG8=\"}"),
                    Precondition.none());
            mirror(store.mirrored(), "d1", "active", "2024-01-01T00:00:00Z");
            mirror(store.mirrored(), "d1", "inactive", "2024-02-01T00:00:00Z");
            mirror(store.mirrored(), "d1", "inactive", "2024-03-01T00:00:00Z");
            mirror(store.mirrored(), "gone", "active", "2024-01-01T00:00:00Z");
            store.mirrored().remove(OWNER, "Device", List.of("gone"), FOR_EVER);
        }
        documents("", "miroir_synchronisations")
                .insertOne(
                        BsonDocument.parse(
                                "{_id: 'annuaire/Device', definition: {type: 'Device', filter: ''}, origin: 'file', state: 'OK',"
                                        + " mark: {$date: '2024-03-01T00:00:00Z'}, run: 'open', held: {run: 'x', cause: 'y'}}"));
        documents("", "miroir_sources")
                .insertOne(
                        BsonDocument.parse(
                                "{_id: 'annuaire', base: 'https://example.org/fhir', copiedFrom: 'https://example.org/fhir', quota: 4.0, tried: {total: 1}}"));
    }

    /** Leaves what crashes and a purge leave. */
    private void damage() {
        BsonDocument first = new BsonDocument("id", new BsonString("changed")).append("v", new BsonInt64(1));
        BsonDocument second = new BsonDocument("id", new BsonString("changed")).append("v", new BsonInt64(2));
        documents("", "Organization_history").updateOne(Filters.eq("_id", first), Updates.unset("to"));
        documents("", "Organization_history").deleteOne(Filters.eq("_id", second));
        BsonDocument current =
                documents("", "Organization").find(Filters.eq("_id", "changed")).first();
        assertThat(current).isNotNull();
        documents("", "Organization_history")
                .insertOne(current.append(
                        "_id", new BsonDocument("id", new BsonString("changed")).append("v", new BsonInt64(4))));
        documents("", "Organization_history")
                .insertOne(BsonDocument.parse("{_id: {id: 'erased', v: {$numberLong: '1'}}, v: {$numberLong: '1'},"
                        + " from: {$date: '2024-01-01T00:00:00Z'}, n: {$numberLong: '3'}, fhir: {id: 'erased'}}"));
    }

    /** By id; the number of what is searched is drawn for each database. */
    private Map<String, BsonDocument> cells(String copy, String collection) {
        Map<String, BsonDocument> cells = new TreeMap<>();
        for (BsonDocument document : documents(copy, collection).find()) {
            document.remove("x");
            cells.put(String.valueOf(document.get("_id")), document);
        }
        return cells;
    }

    private void assertSame(String collection, Map<String, BsonDocument> expected) {
        Map<String, BsonDocument> found = cells("_copy", collection);
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, document) -> {
            assertThat(found.get(id)).as(id).isEqualTo(document);
            BsonValue fhir = document.get("fhir");
            if (fhir != null) {
                assertThat(Objects.requireNonNull(found.get(id))
                                .getDocument("fhir")
                                .toJson())
                        .as("order, too")
                        .isEqualTo(fhir.asDocument().toJson());
            }
        });
    }

    private void assertSameDatabase() {
        for (String type : List.of("Organization", "Device", "Binary")) {
            assertSame(type, cells("", type));
            Map<String, BsonDocument> history = cells("", type + "_history");
            history.entrySet()
                    .removeIf(entry -> entry.getKey().contains("erased")
                            || (entry.getKey().contains("changed")
                                    && entry.getKey().contains("\"v\": 4")));
            history.values().stream()
                    .filter(version -> !version.containsKey("to"))
                    .forEach(version -> version.append(
                            "to",
                            Objects.requireNonNull(history.get(thirdOfChanged(history)))
                                    .get("from")));
            assertSame(type + "_history", history);
        }
    }

    private static String thirdOfChanged(Map<String, BsonDocument> history) {
        return history.keySet().stream()
                .filter(id -> id.contains("changed") && id.contains("\"v\": 3"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void exportAndImport_ofEverythingThatHappens_areTheSameCellByCell() {
        fill();
        damage();

        assertThat(export()).isEqualTo(ExitCode.DONE);
        assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);

        assertSameDatabase();
        assertThat(said())
                .contains(
                        "Organization: 709 versions of 704 resources, of which 1 are deleted", "its indexes are built");
        BsonDocument synchronisation =
                documents("_copy", "miroir_synchronisations").find().first();
        assertThat(synchronisation).isNotNull();
        assertThat(synchronisation.getDateTime("mark")).isEqualTo(new BsonDateTime(1709251200000L));
        assertThat(synchronisation).doesNotContainKeys("run", "held").containsKey("fullBecause");
        assertThat(documents("_copy", "miroir_sources").find().first())
                .containsEntry("copiedFrom", new BsonString("https://example.org/fhir"))
                .doesNotContainKey("tried");
    }

    /** What was there before, and was true of no resource, is not believed. */
    @Test
    void import_whereSynchronisationsHaveMarks_takesThoseThatCome() {
        fill();
        export();
        documents("_copy", "miroir_synchronisations")
                .insertMany(List.of(
                        BsonDocument.parse(
                                "{_id: 'annuaire/Device', definition: {type: 'Device', filter: ''},"
                                        + " mark: {$date: '2026-11-01T00:00:00Z'}, lastFull: {$date: '2026-11-01T00:00:00Z'}, run: 'other'}"),
                        BsonDocument.parse("{_id: 'annuaire/Binary', definition: {type: 'Binary', filter: ''},"
                                + " mark: {$date: '2026-11-01T00:00:00Z'}}")));
        documents("_copy", "miroir_sources")
                .insertOne(BsonDocument.parse("{_id: 'annuaire', copiedFrom: 'https://example.org/other'}"));

        assertThat(importInto("_copy")).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("the source annuaire", "https://example.org/other");
        documents("_copy", "miroir_sources").deleteMany(new BsonDocument());
        assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);

        Map<String, BsonDocument> found = cells("_copy", "miroir_synchronisations");
        assertThat(found.values().stream()
                        .filter(each -> each.getString("_id").getValue().equals("annuaire/Device"))
                        .findFirst()
                        .orElseThrow())
                .containsEntry("mark", new BsonDateTime(1709251200000L))
                .doesNotContainKeys("lastFull", "run");
        assertThat(found.values())
                .filteredOn(each -> each.getString("_id").getValue().equals("annuaire/Binary"))
                .singleElement()
                .satisfies(each -> assertThat(each).doesNotContainKey("mark"));
        assertThat(said()).contains("source annuaire is https://example.org/fhir");
    }

    @Test
    void import_givenUp_leavesADatabaseThatCanBeServedAndFilledAnew() {
        fill();
        export();
        assertThat(importUntil("Device-0001.ndjson.gz: ")).isEqualTo(ExitCode.STOPPED);
        assertThat(command("_copy").run(List.of("import", "--give-up")))
                .as(said())
                .isEqualTo(ExitCode.DONE);
        assertThat(documents("_copy", "Organization").countDocuments()).isZero();
        assertThat(documents("_copy", "Organization_history").countDocuments()).isZero();
        assertThat(command("_copy").run(List.of("import", "--give-up"))).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("is removed: the database has no resources", "nothing was changed");
        assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);
        assertSameDatabase();
    }

    /** A daemon that is started meanwhile does not lead, or the import could not write how synchronisations are. */
    @Test
    void leader_whileADatabaseIsFilled_doesNotLead() {
        fill();
        export();
        assertThat(importUntil("Device-0001.ndjson.gz: ")).isEqualTo(ExitCode.STOPPED);
        try (Ledger ledger = Ledger.open(OpenedStore.settings(environment("_copy")));
                Leader leader = new Leader(ledger, Duration.ofSeconds(20))) {
            assertThat(leader.tryOnce()).isFalse();
            assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);
            assertThat(leader.tryOnce()).isTrue();
        }
    }

    @Test
    void import_thenWritesAndTheOwnersNextDelta_goOnAsIfNothingHadHappened() {
        fill();
        try (OpenedStore source = open("")) {
            putExponent(source.store());
        }
        export();
        assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);

        try (OpenedStore source = open("");
                OpenedStore target = open("_copy")) {
            for (OpenedStore each : List.of(source, target)) {
                putExponent(each.store());
                mirror(each.store().mirrored(), "d1", "inactive", "2024-03-01T00:00:00Z");
                put(each.store(), "changed", "Élysée 4");
                put(each.store(), "deleted", "zurück");
                assertThatThrownBy(() -> put(each.store(), "erased", "zurück")).isInstanceOf(Refusal.class);
            }
            for (String id : List.of("changed", "deleted", "again", "posted", "many-13", "exponent")) {
                ResourceVersion expected = read(source, "Organization", id);
                ResourceVersion found = read(target, "Organization", id);
                assertThat(found.version()).as(id).isEqualTo(expected.version());
                assertThat(((ResourceVersion.Live) found).origin())
                        .isEqualTo(((ResourceVersion.Live) expected).origin());
            }
            assertThat(read(target, "Device", "d1").version()).isEqualTo(2);
            target.store().create(Caller.everyone(), key("Organization", "new"), organization("new", "neu"));
            assertThat(((ResourceVersion.Live) read(target, "Organization", "new")).position())
                    .isGreaterThan(704);
        }
    }

    private static ResourceVersion read(OpenedStore opened, String type, String id) {
        return opened.store().read(Caller.everyone(), key(type, id)).orElseThrow();
    }

    @Test
    void import_intoWhatIsNotEmptyOrInUse_isRefused() {
        fill();
        export();
        assertThat(importInto("")).isEqualTo(ExitCode.USAGE);
        assertThat(said())
                .contains(
                        "already, deletions and earlier versions included", "into which nobody ever wrote a resource");

        try (OpenedStore opened = open("_copy")) {
            assertThat(opened.store().readiness().ready()).isTrue();
            assertThat(importInto("_copy")).isEqualTo(ExitCode.USAGE);
            assertThat(said()).contains("is in use, by a server");
        }
        assertThat(documents("_copy", "Organization").countDocuments()).isZero();

        assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);
        assertThat(importInto("_copy")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("imported before");
    }

    @Test
    void import_brokenOff_isNotServedUntilItWasGoneOnWith() {
        fill();
        export();
        assertThat(importUntil("Device-0001.ndjson.gz: ")).isEqualTo(ExitCode.STOPPED);
        assertThat(documents("_copy", "Device").countDocuments()).isPositive();

        try (OpenedStore served = OpenedStore.open(environment("_copy"))) {
            assertThatThrownBy(() -> served.store().read(Caller.everyone(), key("Device", "d1")))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("import");
            assertThatThrownBy(() -> put(served.store(), "x", "x")).isInstanceOf(Refusal.class);
            Awaitility.await().until(() -> served.store().readiness().detail().contains("import"));
            assertThat(served.store().readiness().ready()).isFalse();

            assertThat(importInto("_copy")).as(said()).isEqualTo(ExitCode.DONE);
            assertThat(said()).contains("going on with an import that was broken off");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> served.store().readiness().ready());
            assertThat(read(served, "Device", "d1").version()).isEqualTo(2);
        }
        assertSameDatabase();
    }

    /** Told to stop as soon as it says so. */
    private ExitCode importUntil(String said) {
        AtomicReference<@Nullable SyncMain> running = new AtomicReference<>();
        PrintStream stopping = new PrintStream(out, true, UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                if (line.startsWith(said)) {
                    Objects.requireNonNull(running.get()).tell();
                }
            }
        };
        SyncMain command = new SyncMain(environment("_copy"), stopping, stopping);
        running.set(command);
        return command.run(List.of("import", folder.toString()));
    }

    @Test
    void export_whileOthersWrite_hasEveryVersionUpToItsInstantAndNoneAfter() throws Exception {
        try (OpenedStore opened = open("")) {
            for (int i = 0; i < 100; i++) {
                put(opened.store(), "o" + i, "first");
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                for (int i = 0; !done.get(); i++) {
                    put(opened.store(), "o" + i % 100, "at " + i);
                    if (i % 7 == 0) {
                        put(opened.store(), "new" + i, "new");
                        delete(opened.store(), "o" + (i * 31) % 100);
                    }
                }
            });
            AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
            writer.setUncaughtExceptionHandler((thread, e) -> failed.set(e));
            writer.start();
            try {
                Awaitility.await()
                        .until(() -> documents("", "Organization_history").countDocuments() > 50);
                assertThat(export()).as(said()).isEqualTo(ExitCode.DONE);
                long before = documents("", "Organization_history").countDocuments();
                Awaitility.await()
                        .until(() -> documents("", "Organization_history").countDocuments() > before);
            } finally {
                done.set(true);
                writer.join();
            }
            assertThat(failed.get()).isNull();
        }
        Instant asOf = Instant.parse(BsonDocument.parse(Files.readString(folder.resolve("manifest.json")))
                .getString("asOf")
                .getValue());
        Map<String, Boolean> expected = new TreeMap<>();
        for (String collection : List.of("Organization_history", "Organization")) {
            for (BsonDocument document : documents("", collection).find()) {
                BsonValue to = document.get("to");
                if (document.getDateTime("from").getValue() <= asOf.toEpochMilli()) {
                    expected.put(
                            version(document), to == null || to.asDateTime().getValue() > asOf.toEpochMilli());
                }
            }
        }
        Map<String, Boolean> found = new TreeMap<>();
        for (BsonDocument line : lines("Organization-0001.ndjson.gz")) {
            found.put(
                    line.getString("id").getValue() + " "
                            + line.getNumber("version").longValue(),
                    !line.containsKey("to"));
        }
        assertThat(found).isEqualTo(expected);
    }

    private static String version(BsonDocument document) {
        BsonValue id = Objects.requireNonNull(document.get("_id"));
        return (id.isString()
                        ? id.asString().getValue()
                        : id.asDocument().getString("id").getValue())
                + " " + document.getNumber("v").longValue();
    }

    private List<BsonDocument> lines(String file) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(file)))) {
            List<BsonDocument> lines = new ArrayList<>();
            new String(in.readAllBytes(), UTF_8).lines().forEach(line -> lines.add(BsonDocument.parse(line)));
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void commands_wronglyCalled_sayWhatIsWrong() {
        assertThat(command("").run(List.of("export"))).isEqualTo(ExitCode.USAGE);
        assertThat(command("").run(List.of("export", "--to", folder.toString(), "--types", "Nonsense")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(command("").run(List.of("export", "--to", folder.toString(), "--types", "Patient")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(command("").run(List.of("import", folder.toString()))).isEqualTo(ExitCode.USAGE);
        assertThat(export()).isEqualTo(ExitCode.DONE);
        assertThat(export()).isEqualTo(ExitCode.NOT_ALL);
        Set<String> names = new HashSet<>();
        inside("").listCollectionNames().forEach(names::add);
        assertThat(names).as("of a database that nobody ever used").isSubsetOf("miroir_floors");
        assertThat(said())
                .contains(
                        "Nonsense is no type",
                        "there is nothing of Patient",
                        "there is no such folder",
                        "a whole export already");
    }
}
