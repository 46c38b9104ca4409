package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** All of a type as it was at an instant, stretch after stretch, whatever has become of it since; and what had been deleted by then. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HeldIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final String TYPE = "Organization";
    private static final int IDS = 60;
    private static final int CHANGES = 120;

    private final Random random = new Random(SEED);
    private final Map<String, Long> live = new TreeMap<>();
    private final Map<String, Long> dead = new TreeMap<>();
    private TestDatabase database;
    private StoreDatabase inside;
    private MongoResourceStore store;

    @BeforeAll
    void open(TestDatabase given) {
        database = given;
        inside = new StoreDatabase(OpenStores.settings(given));
        store = OpenStores.ready(given);
    }

    @AfterAll
    void close() {
        store.close();
        inside.close();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private Instant settled() {
        return store.settled(Caller.everyone(), Duration.ofSeconds(5), soon());
    }

    private void change() {
        ResourceKey key = new ResourceKey(TYPE, "o" + random.nextInt(IDS));
        if (random.nextInt(4) == 0) {
            store.delete(Caller.everyone(), key, Precondition.none()).ifPresent(written -> {
                live.remove(key.id());
                dead.put(key.id(), written.current().version());
            });
        } else {
            RawBsonDocument fhir = RawBsonDocument.parse(
                    "{resourceType: '" + TYPE + "', id: '" + key.id() + "', name: 'n" + random.nextInt(1_000) + "'}");
            live.put(
                    key.id(),
                    store.put(Caller.everyone(), key, fhir, Precondition.none())
                            .current()
                            .version());
            dead.remove(key.id());
        }
    }

    private Map<String, Long> held(Instant asOf, int atOnce) {
        SelectHeld select = new SelectHeld(inside, atOnce);
        Map<String, Long> held = new TreeMap<>();
        List<Long> positions = new ArrayList<>();
        long last = store.lastPosition(TYPE);
        long after = 0;
        while (after < last) {
            HeldPage page = select.run(TYPE, asOf, after, last, soon());
            assertThat(page.reached()).isGreaterThan(after);
            for (ResourceVersion.Live each : page.resources()) {
                assertThat(held.put(each.key().id(), each.version()))
                        .as("twice, seed %d", SEED)
                        .isNull();
                assertThat(each.fhir().getString("id").getValue())
                        .isEqualTo(each.key().id());
                positions.add(each.position());
            }
            after = page.reached();
        }
        assertThat(positions).isSorted();
        return held;
    }

    @RepeatedTest(3)
    void held_afterChanges_isWhatWasThere() {
        for (int i = 0; i < CHANGES; i++) {
            change();
        }
        Instant asOf = settled();
        Map<String, Long> then = new TreeMap<>(live);
        assertThat(held(asOf, 7)).as("unchanged, seed %d", SEED).isEqualTo(then);
        for (int i = 0; i < CHANGES; i++) {
            change();
        }

        for (int atOnce : new int[] {1, 3, 7, 1_000}) {
            assertThat(held(asOf, atOnce)).as("by %d, seed %d", atOnce, SEED).isEqualTo(then);
        }
        withoutEnds("n");
        assertThat(held(asOf, 7)).as("without ends, seed %d", SEED).isEqualTo(then);
    }

    /** As crashes between two steps of a write leave it. */
    private void withoutEnds(String position) {
        OpenStores.inside(
                database,
                all -> all.getCollection(TYPE + "_history")
                        .updateMany(
                                new Document(position, new Document("$mod", List.of(2, 0))),
                                new Document("$unset", new Document("to", ""))));
    }

    @Test
    void deletions_areThoseThatHeldThen() {
        Instant since = settled();
        Map<String, Long> before = new TreeMap<>(dead);
        for (int i = 0; i < CHANGES; i++) {
            change();
        }
        Instant asOf = settled();
        Map<String, Long> then = new TreeMap<>(dead);
        then.entrySet().removeIf(each -> each.getValue().equals(before.get(each.getKey())));
        for (int i = 0; i < CHANGES; i++) {
            change();
        }

        for (int atOnce : new int[] {1, 3, 1_000}) {
            assertThat(deletions(since, asOf, atOnce))
                    .as("by %d, seed %d", atOnce, SEED)
                    .isEqualTo(then);
        }
        withoutEnds("pn");
        assertThat(deletions(since, asOf, 1)).as("without ends, seed %d", SEED).isEqualTo(then);
    }

    private Map<String, Long> deletions(Instant since, Instant asOf, int atOnce) {
        SelectDeletions select = new SelectDeletions(inside, atOnce);
        Map<String, Long> found = new TreeMap<>();
        DeletionsPage page = new DeletionsPage(List.of(), 0);
        while (page.more()) {
            page = select.run(TYPE, since, asOf, page.reached(), soon());
            page.deletions()
                    .forEach(each -> assertThat(found.put(each.key().id(), each.version()))
                            .as("twice, seed %d", SEED)
                            .isNull());
        }
        return found;
    }

    /** As a write leaves it that was interrupted when a deletion had been copied, and nothing had come in its place. */
    @Test
    void deletions_behindCopiesOfWhatStillHolds_areThere() {
        Instant since = settled();
        List<String> gone = List.of("p1", "p2", "p3", "p4");
        for (String id : gone) {
            ResourceKey key = new ResourceKey(TYPE, id);
            store.put(
                    Caller.everyone(),
                    key,
                    RawBsonDocument.parse("{resourceType: '" + TYPE + "', id: '" + id + "'}"),
                    Precondition.none());
            store.delete(Caller.everyone(), key, Precondition.none());
        }
        Instant asOf = settled();
        OpenStores.inside(
                database,
                all -> all.getCollection(TYPE)
                        .find(new Document("_id", new Document("$in", gone)))
                        .forEach(each -> all.getCollection(TYPE + "_history").insertOne(copied(each))));

        assertThat(deletions(since, asOf, 1)).containsKeys("p1", "p2", "p3", "p4");
        assertThat(deletions(since, asOf, 2)).containsKeys("p1", "p2", "p3", "p4");
        OpenStores.inside(
                database,
                all -> all.getCollection(TYPE + "_history")
                        .deleteMany(new Document("_id.id", new Document("$in", gone)).append("to", null)));
    }

    private static Document copied(Document current) {
        Document copy = new Document(current);
        copy.put("_id", new Document("id", current.get("_id")).append("v", current.get("v")));
        return copy;
    }

    @Test
    void whatWasErasedSince_isNotThere() {
        ResourceKey key = new ResourceKey(TYPE, "erased");
        store.put(
                Caller.everyone(),
                key,
                RawBsonDocument.parse("{resourceType: '" + TYPE + "', id: 'erased'}"),
                Precondition.none());
        Instant asOf = settled();
        assertThat(held(asOf, 7)).containsKey("erased");

        store.erase(Caller.everyone(), key);

        assertThat(held(asOf, 7)).doesNotContainKey("erased");
        assertThat(store.erasedSince(TYPE, asOf, 0, Long.MAX_VALUE)).isEqualTo(1);
        long position = store.lastPosition(TYPE);
        assertThat(store.erasedSince(TYPE, asOf, position - 1, position)).isEqualTo(1);
        assertThat(store.erasedSince(TYPE, asOf, 0, position - 1)).isZero();
    }
}
