package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A data directory that is older than what was written, and what dumps and people leave out of it: the server becomes ready
 * by itself, finds everything, and gives no position twice.
 */
@Tag("long")
final class RestoreIT {
    private static final int RESOURCES = 20;
    private static final String TYPE = "Practitioner";
    private static final String HISTORY = "Practitioner_history";

    private static LocalMongod mongod;
    private static Path copy;
    private static TestDatabase database;

    @BeforeAll
    static void copyDataDirectory() {
        mongod = LocalMongod.start(TestMongod.binary());
        database = new TestDatabase(mongod.uri(), "restored");
        try (ResourceStore store = OpenStores.ready(database)) {
            for (int i = 1; i <= RESOURCES; i++) {
                put(store, "p" + i, "name one");
            }
            put(store, "p1", "name two");
            // The largest position is the one of a deletion: nothing but it remembers that position.
            store.delete(Caller.everyone(), new ResourceKey(TYPE, "p" + RESOURCES), Precondition.none());
        }
        mongod.stop();
        copy = mongod.copyFiles();
        mongod.restart();
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "later", "name one");
        }
    }

    @AfterAll
    static void removeFiles() throws Exception {
        mongod.close();
        new ProcessBuilder("rm", "-rf", copy.toString()).start().waitFor();
    }

    @BeforeEach
    void restore() {
        mongod.stop();
        mongod.replaceFiles(copy);
        mongod.restart();
    }

    @Test
    void open_olderDataDirectory_isComplete() {
        changed(inside -> {});

        becomesReadyAndComplete();
    }

    @Test
    void open_indexesDropped_areBuilt() {
        changed(inside -> {
            OpenStores.documents(inside, TYPE).dropIndexes();
            OpenStores.documents(inside, HISTORY).dropIndexes();
        });

        becomesReadyAndComplete();
    }

    @Test
    void open_counterTooOld_isRaised() {
        changed(inside -> OpenStores.documents(inside, "miroir_counters")
                .updateOne(Filters.eq("_id", TYPE), Updates.set("n", 1L)));

        becomesReadyAndComplete();
    }

    @Test
    void open_everythingOfOurOwnMissing_isMadeAgain() {
        changed(inside -> {
            for (String name : List.of(HISTORY, "miroir_counters", "miroir_state")) {
                OpenStores.documents(inside, name).drop();
            }
            OpenStores.documents(inside, TYPE).dropIndexes();
        });

        becomesReadyAndComplete();
    }

    @Test
    void open_collectionsThatARestoreMadeWithoutOptions_areUsedAsTheyAre() {
        changed(inside -> {
            for (String name : List.of(TYPE, HISTORY, "Organization", "Organization_history")) {
                List<BsonDocument> documents =
                        OpenStores.documents(inside, name).find().into(new ArrayList<>());
                OpenStores.documents(inside, name).drop();
                inside.createCollection(name);
                if (!documents.isEmpty()) {
                    OpenStores.documents(inside, name).insertMany(documents);
                }
            }
        });

        becomesReadyAndComplete();
    }

    /** As of {@code mongorestore --noIndexRestore} of a dump that was made while somebody wrote: counters were read first. */
    @Test
    void open_dumpWithoutIndexesAndWithLowCounters_isComplete() {
        changed(inside -> {
            for (String name : inside.listCollectionNames().into(new ArrayList<>())) {
                List<BsonDocument> documents =
                        OpenStores.documents(inside, name).find().into(new ArrayList<>());
                OpenStores.documents(inside, name).drop();
                inside.createCollection(name);
                if (!documents.isEmpty()) {
                    OpenStores.documents(inside, name).insertMany(documents);
                }
            }
            OpenStores.documents(inside, "miroir_counters").updateMany(new BsonDocument(), Updates.set("n", 1L));
            assertThat(indexes(inside, TYPE)).containsExactly("_id_");
        });

        becomesReadyAndComplete();

        OpenStores.inside(
                database,
                inside -> assertThat(indexes(inside, TYPE)).contains("n_1", "t_name-3g_1_n_1", "t_active-value_1_n_1"));
    }

    private static List<String> indexes(MongoDatabase inside, String collection) {
        return OpenStores.documents(inside, collection)
                .listIndexes(BsonDocument.class)
                .map(index -> index.getString("name").getValue())
                .into(new ArrayList<>());
    }

    @Test
    void open_historyOlderThanCurrent_isComplete() {
        changed(inside -> OpenStores.documents(inside, HISTORY).deleteMany(Filters.eq("_id.id", "p1")));

        becomesReadyAndComplete();
    }

    @Test
    void open_currentOlderThanHistory_isComplete() {
        // As p1 was before its update, of which history knows.
        changed(inside -> {
            BsonDocument first = OpenStores.documents(inside, HISTORY)
                    .find(Filters.eq("_id.id", "p1"))
                    .first();
            first.remove("to");
            first.put("_id", new BsonString("p1"));
            OpenStores.documents(inside, TYPE).replaceOne(Filters.eq("_id", "p1"), first);
        });

        becomesReadyAndComplete();
        keepsWhatIsWrittenOver("p1");
    }

    @Test
    void open_searchFieldsOfAnOlderMiroir_areMadeAnew() {
        changed(inside -> {
            OpenStores.documents(inside, "miroir_state").drop();
            OpenStores.documents(inside, TYPE)
                    .updateMany(
                            new BsonDocument(), BsonDocument.parse("{$unset: {x: 1, 't_name-3g': 1, 't_name-i': 1}}"));
        });

        becomesReadyAndComplete();
    }

    @Test
    void open_fieldsOfANewerMiroir_areKept() {
        BsonDocument unknown = BsonDocument.parse("{newer: {a: [1, 2]}}");
        changed(inside -> {
            for (String name : List.of(TYPE, HISTORY)) {
                // And another generation, so that the documents are rewritten.
                OpenStores.documents(inside, name)
                        .updateMany(
                                new BsonDocument(), Updates.combine(Updates.set("un", unknown), Updates.set("x", 9)));
            }
            OpenStores.documents(inside, "miroir_state").updateMany(new BsonDocument(), Updates.set("un", unknown));
        });

        becomesReadyAndComplete();

        OpenStores.inside(database, inside -> {
            assertThat(OpenStores.documents(inside, TYPE)
                            .find(Filters.and(Filters.exists("fhir"), Filters.nin("_id", "new1", "new2")))
                            .into(new ArrayList<>()))
                    .hasSize(RESOURCES - 1)
                    .allSatisfy(document -> assertThat(document).containsEntry("un", unknown));
            assertThat(OpenStores.documents(inside, HISTORY)
                            .find(Filters.lt("v", 3L))
                            .into(new ArrayList<>()))
                    .isNotEmpty()
                    .allSatisfy(document -> assertThat(document).containsEntry("un", unknown));
        });
    }

    private static void changed(Consumer<MongoDatabase> change) {
        OpenStores.inside(database, change);
    }

    private static void becomesReadyAndComplete() {
        Set<Long> positions = new HashSet<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, TYPE)
                        .find()
                        .forEach(document -> positions.add(
                                document.containsKey("n")
                                        ? document.getInt64("n").getValue()
                                        : document.getInt64("pn").getValue())));
        assertThat(positions).hasSize(RESOURCES);
        try (ResourceStore store = OpenStores.ready(database)) {
            List<String> everyone =
                    IntStream.range(1, RESOURCES).mapToObj(i -> "p" + i).toList();
            assertThat(select(store, Condition.all())).containsExactlyElementsOf(everyone);
            assertThat(select(store, new Condition.In("t_active-value", List.of(new BsonString("true")))))
                    .containsExactlyElementsOf(everyone);
            assertThat(select(store, new Condition.Text("t_name", "name", false)))
                    .containsExactlyElementsOf(everyone);
            assertThat(put(store, "new1", "third").position()).isNotIn(positions);
            assertThat(put(store, "new2", "third").position()).isNotIn(positions);
            assertThat(put(store, "p" + RESOURCES, "third").version()).isEqualTo(3);
            assertThat(select(store, new Condition.Text("t_name", "third", false)))
                    .containsExactlyInAnyOrder("new1", "new2", "p" + RESOURCES);
            store.delete(Caller.everyone(), new ResourceKey(TYPE, "p" + RESOURCES), Precondition.none());
        }
    }

    /** Versions that a restore left in history from a time after what is current do not take the place of new ones. */
    private static void keepsWhatIsWrittenOver(String id) {
        try (ResourceStore store = OpenStores.ready(database)) {
            ResourceVersion.Live first = put(store, id, "over");
            put(store, id, "over and over");

            assertThat(store.readVersion(Caller.everyone(), first.key(), first.version()))
                    .contains(first);
        }
    }

    private static List<String> select(ResourceStore store, Condition where) {
        PageQuery query = new PageQuery(TYPE, where, 0, 10 * RESOURCES, Deadline.in(Duration.ofSeconds(20)));
        return store.select(Caller.everyone(), query).resources().stream()
                .map(live -> live.key().id())
                .toList();
    }

    private static ResourceVersion.Live put(ResourceStore store, String id, String name) {
        ResourceKey key = new ResourceKey(TYPE, id);
        RawBsonDocument fhir = RawBsonDocument.parse(
                "{resourceType: 'Practitioner', id: '" + id + "', active: true, name: ['" + name + "']}");
        return (ResourceVersion.Live)
                store.put(Caller.everyone(), key, fhir, Precondition.none()).current();
    }
}
