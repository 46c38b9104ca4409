package miroir.server.export;

import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import miroir.index.extract.ExtractionSettings;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.store.ResourceKey;
import miroir.storage.Mirrored;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.SearchFiles;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** Many resources of two types, copied from a source that goes on to change them, and what the documents say was there at an instant. */
final class SoakedResources implements AutoCloseable {
    static final List<String> TYPES = List.of("Organization", "Practitioner");

    private static final String SOURCE = "soak";
    private static final int BATCH = 500;
    private static final int WRITERS = 2;

    private final TestDatabase database;
    private final int many;
    private final long seed;
    private final MongoResourceStore store;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicLong changes = new AtomicLong();
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    private final List<Future<?>> written = new ArrayList<>();

    SoakedResources(TestDatabase database, int many, long seed) {
        this.database = database;
        this.many = many;
        this.seed = seed;
        Set<String> types = Set.copyOf(TYPES);
        Path files = Path.of(System.getProperty("miroir.root")).resolve("conf/search");
        // What is searched is the same as in the server: neither makes the other's fields anew.
        this.store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types),
                new ConfiguredSearch(
                        types,
                        new SearchFiles(files),
                        new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()),
                        true));
        await().atMost(Duration.ofMinutes(2)).until(() -> store.readiness().ready());
    }

    /**
     * A resource as it was at an instant.
     *
     * @param from since when
     */
    record Held(int version, boolean isActive, Instant from) {}

    private static String type(int i) {
        return TYPES.get(i % TYPES.size());
    }

    /** About as large as those of the directory; most are active, and any may not be any more. */
    private static Mirrored resource(int i, int state) {
        String type = type(i);
        StringBuilder identifiers = new StringBuilder();
        for (int k = 0; k < 12; k++) {
            identifiers
                    .append(k == 0 ? "" : ",")
                    .append("{\"use\":\"official\",\"system\":\"urn:oid:1.2.250.1.71.4.2.")
                    .append(k)
                    .append("\",\"value\":\"")
                    .append(i)
                    .append('-')
                    .append(k)
                    .append("\",\"assigner\":{\"display\":\"Agence, numéro ")
                    .append(k)
                    .append("\"}}");
        }
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"r" + i + "\",\"language\":\"fr-x" + state
                + "\",\"active\":" + ((i / TYPES.size() + state) % 4 != 0) + ",\"identifier\":[" + identifiers + "]}";
        return new Mirrored(
                new ResourceKey(type, "r" + i), RawBsonDocument.parse(json), Instant.ofEpochSecond(1_000_000 + state));
    }

    private static Instant later() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    void load() throws Exception {
        ExecutorService loading = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> loaded = new ArrayList<>();
        for (int from = 0; from < many; from += BATCH) {
            int first = from;
            loaded.add(loading.submit(() -> ingest(IntStream.range(first, Math.min(many, first + BATCH))
                    .mapToObj(i -> resource(i, 0))
                    .toList())));
        }
        for (Future<?> each : loaded) {
            each.get();
        }
        loading.shutdown();
    }

    private void ingest(List<Mirrored> resources) {
        for (String type : TYPES) {
            List<Mirrored> some = resources.stream()
                    .filter(each -> each.key().type().equals(type))
                    .toList();
            if (!some.isEmpty()) {
                store.mirrored().ingest(SOURCE, type, some, later());
            }
        }
    }

    /** Goes on to change them. */
    void beginToChange() {
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            written.add(writers.submit(() -> write(writer)));
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> changes.get() > 20);
    }

    /** Changes some, removes some, makes new ones, and makes removed ones anew. */
    private Object write(int writer) {
        Random random = new Random(seed * 31 + writer);
        for (int state = 1; !isOver.get(); state++) {
            int now = state;
            ingest(random.ints(20, 0, many + many / 20)
                    .distinct()
                    .filter(i -> i % WRITERS == writer)
                    .mapToObj(i -> resource(i, now))
                    .toList());
            int gone = random.nextInt(many / WRITERS) * WRITERS + writer;
            store.mirrored().remove(SOURCE, type(gone), List.of("r" + gone), later());
            changes.incrementAndGet();
        }
        return changes;
    }

    long changes() {
        return changes.get();
    }

    void endChanges() throws Exception {
        isOver.set(true);
        for (Future<?> each : written) {
            each.get();
        }
        written.clear();
    }

    /** What held at an instant, by the documents themselves. */
    Map<String, Held> at(Instant asOf) {
        Map<String, Held> held = new HashMap<>();
        Bson then = Filters.and(Filters.lte("from", Date.from(asOf)), Filters.exists("n"));
        each(
                then,
                asOf,
                (key, document) -> held.put(
                        key,
                        new Held(
                                document.getLong("v").intValue(),
                                document.get("fhir", Document.class).getBoolean("active"),
                                document.getDate("from").toInstant())));
        return held;
    }

    /** What was deleted after an instant, and was so at another one. */
    Set<String> deleted(Instant since, Instant asOf) {
        Set<String> deleted = new TreeSet<>();
        Bson then = Filters.and(
                Filters.gt("from", Date.from(since)),
                Filters.lte("from", Date.from(asOf)),
                Filters.eq("deleted", true));
        each(then, asOf, (key, document) -> deleted.add(key));
        return deleted;
    }

    private interface Found {
        void is(String key, Document document);
    }

    private void each(Bson then, Instant asOf, Found found) {
        inside(all -> {
            for (String type : TYPES) {
                for (Document current : all.getCollection(type)
                        .find(then)
                        .projection(Projections.include("v", "from", "fhir.active"))) {
                    found.is(type + "/" + current.getString("_id"), current);
                }
                for (Document ended : all.getCollection(type + "_history")
                        .find(Filters.and(then, Filters.gt("to", Date.from(asOf))))
                        .projection(Projections.include("v", "from", "fhir.active"))) {
                    found.is(type + "/" + ended.get("_id", Document.class).getString("id"), ended);
                }
            }
        });
    }

    /** What is done with the database itself. */
    void inside(Consumer<MongoDatabase> work) {
        try (MongoClient mongo = MongoClients.create(database.uri())) {
            work.accept(mongo.getDatabase(database.name()));
        }
    }

    @Override
    public void close() {
        isOver.set(true);
        writers.shutdownNow();
        store.close();
    }
}
