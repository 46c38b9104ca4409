package miroir.server.costs;

import com.mongodb.CursorType;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.CreateCollectionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;

/**
 * What the database itself says it did, read by read: its profiler, switched on for the collections of some types. Their histories,
 * which only pages as at an instant read, are left out.
 */
final class ProfiledReads implements AutoCloseable {
    private static final String PROFILE = "system.profile";
    /** One search that asks for many ids in many batches leaves some hundred megabytes. */
    private static final long ROOM = 1L << 30;

    private static final int OFF = 0;
    private static final int BY_FILTER = 1;

    private final MongoClient client;
    private final MongoDatabase database;
    private final MongoCursor<Document> entries;

    /**
     * One read.
     *
     * @param isCount whether it counts
     * @param countsUpTo where it ends then; 0: nowhere
     * @param isSorted whether what was found was sorted in memory
     */
    record Read(
            String collection,
            boolean isCount,
            String plan,
            int countsUpTo,
            boolean isSorted,
            long keys,
            long documents,
            long returned) {
        private static Read of(Document entry) {
            Document command = entry.get("command", new Document());
            String namespace = entry.getString("ns");
            return new Read(
                    namespace.substring(namespace.indexOf('.') + 1),
                    command.containsKey("count")
                            || String.valueOf(command.get("pipeline")).contains("$group"),
                    String.valueOf(entry.getString("planSummary")),
                    countsUpTo(command),
                    entry.getBoolean("hasSortStage", false),
                    number(entry, "keysExamined"),
                    number(entry, "docsExamined"),
                    number(entry, "nreturned"));
        }

        private static int countsUpTo(Document command) {
            return command.getList("pipeline", Document.class, List.of()).stream()
                    .filter(stage -> stage.containsKey("$limit"))
                    .map(stage -> stage.get("$limit", Number.class).intValue())
                    .findFirst()
                    .orElse(0);
        }

        private static long number(Document entry, String name) {
            return entry.get(name, (Number) 0).longValue();
        }

        /** What was looked at for a count: an index has several keys of one document, which is read once. */
        long counted() {
            return documents > 0 ? documents : keys;
        }

        long read() {
            return Math.max(keys, documents);
        }
    }

    ProfiledReads(TestDatabase test, Set<String> types) {
        client = MongoClients.create(test.uri());
        database = client.getDatabase(test.name());
        database.createCollection(
                PROFILE, new CreateCollectionOptions().capped(true).sizeInBytes(ROOM));
        List<String> collections =
                types.stream().map(type -> test.name() + "." + type).toList();
        database.runCommand(new Document("profile", BY_FILTER)
                .append("filter", new Document("ns", new Document("$in", collections))));
        // A tailable cursor needs something to stand on.
        database.getCollection(types.iterator().next()).find().limit(1).first();
        entries = database.getCollection(PROFILE)
                .find()
                .cursorType(CursorType.Tailable)
                .iterator();
        sinceLast();
    }

    /** What was read since this was asked before. */
    List<Read> sinceLast() {
        List<Read> reads = new ArrayList<>();
        for (Document entry = entries.tryNext(); entry != null; entry = entries.tryNext()) {
            if (Set.of("query", "getmore", "command").contains(entry.getString("op"))) {
                reads.add(Read.of(entry));
            }
        }
        return reads;
    }

    @Override
    public void close() {
        entries.close();
        database.runCommand(new Document("profile", OFF));
        client.close();
    }
}
