package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractStore;
import miroir.index.store.Erased;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What crashes leave, made by hand, is never shown and is healed. */
@ExtendWith(MongoExtension.class)
final class RepairHistoryIT {
    private static final ResourceKey KEY = new ResourceKey("Practitioner", "p1");
    private static final HistoryQuery.Of ONE = new HistoryQuery.Resource(KEY);

    private final MongoResourceStore store;
    private final StoreDatabase database;
    private final RepairHistory repairHistory;

    RepairHistoryIT(TestDatabase test) {
        OpenStores.empty(test);
        this.store = OpenStores.ready(test);
        this.database = new StoreDatabase(OpenStores.settings(test));
        this.repairHistory = new RepairHistory(database, new SelectErased(database), new FindEnd(database));
    }

    @BeforeEach
    void write() {
        Histories.put(store, KEY, "a");
        Histories.put(store, KEY, "b");
        Histories.put(store, KEY, "c");
        Histories.put(store, KEY, "d");
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Test
    void run_nothingLeft_findsNothing() {
        assertThat(repair()).isEqualTo(UpkeepCounts.NONE);
    }

    @Test
    void run_copyWithoutReplacement_isShownOnceAndLeftToTheNextWrite() {
        copyCurrentIntoHistory();

        assertThat(all()).containsExactly("p1/4", "p1/3", "p1/2", "p1/1");
        assertThat(Histories.at(store, ONE, from(4))).containsExactly("p1/4");
        assertThat(repair()).isEqualTo(new UpkeepCounts(0, 1, 0, 0, 0));
        assertThat(Histories.put(store, KEY, "e").version()).isEqualTo(5);
        assertThat(all()).containsExactly("p1/5", "p1/4", "p1/3", "p1/2", "p1/1");
        assertThat(end(4)).isEqualTo(from(5));
        assertThat(repair()).isEqualTo(UpkeepCounts.NONE);
    }

    @Test
    void run_replacementWithoutEnd_isEndedByTheCurrentVersion() {
        removeEnd(3);

        assertThat(Histories.at(store, ONE, from(3))).containsExactly("p1/3");
        assertThat(Histories.at(store, ONE, from(4))).containsExactly("p1/4");
        assertThat(repair()).isEqualTo(new UpkeepCounts(1, 0, 0, 0, 0));
        assertThat(end(3)).isEqualTo(from(4));
    }

    @Test
    void run_severalInARow_areEachEndedByTheNext() {
        removeEnd(1);
        removeEnd(2);
        removeEnd(3);

        assertThat(Histories.at(store, ONE, from(2))).containsExactly("p1/2");
        assertThat(Histories.at(store, Histories.PRACTITIONERS, from(2))).containsExactly("p1/2");
        assertThat(repair()).isEqualTo(new UpkeepCounts(3, 0, 0, 0, 0));
        assertThat(List.of(end(1), end(2), end(3))).containsExactly(from(2), from(3), from(4));
    }

    @Test
    void run_copyOfADeletionAndOpenEnd_areToldApart() {
        store.delete(Caller.everyone(), KEY, Precondition.none());
        removeEnd(4);
        copyCurrentIntoHistory();

        assertThat(all()).containsExactly("p1/5", "p1/4", "p1/3", "p1/2", "p1/1");
        assertThat(repair()).isEqualTo(new UpkeepCounts(1, 1, 0, 0, 0));
        assertThat(end(4)).isEqualTo(from(5));
    }

    @Test
    void run_successorPurged_isEndedByTheNextThatIsThere() {
        removeEnd(2);
        database.history("Practitioner").deleteOne(version(3));

        repair();

        assertThat(end(2)).isEqualTo(from(4));
    }

    @Test
    void erase_interruptedAfterTheMark_showsNothingAndIsFinished() {
        List<RawBsonDocument> history = history();
        store.erase(Caller.everyone(), KEY);
        database.history("Practitioner").insertMany(history);

        assertNothingButTheMarkIsShown();
        assertThat(repair()).isEqualTo(new UpkeepCounts(0, 0, 3, 0, 0));
        assertThat(history()).isEmpty();
        assertThat(repair()).isEqualTo(UpkeepCounts.NONE);
    }

    @Test
    void run_marksBeforeTheLastRun_areNotGoneThroughAgain() {
        List<RawBsonDocument> history = history();
        store.erase(Caller.everyone(), KEY);
        database.history("Practitioner").insertMany(history);
        Instant erased = store.read(Caller.everyone(), KEY).orElseThrow().from();

        assertThat(repairHistory.run("Practitioner", erased.plusMillis(1), () -> true))
                .isEqualTo(UpkeepCounts.NONE);
        assertThat(repairHistory.run("Practitioner", erased, () -> true)).isEqualTo(UpkeepCounts.ofErased(3));
    }

    @Test
    void run_copyOfAWriterThatStoodStillForLong_isRemovedHoweverOldTheMark() {
        RawBsonDocument copy = copyCurrentIntoHistory();
        store.erase(Caller.everyone(), KEY);
        database.history("Practitioner").insertOne(copy);

        assertThat(repairHistory.run("Practitioner", Instant.now().plusSeconds(60), () -> true))
                .isEqualTo(UpkeepCounts.ofErased(1));
        assertThat(history()).isEmpty();
    }

    @Test
    void erase_interruptedWhileRemoving_isFinishedByTheNextErasure() {
        List<RawBsonDocument> history = history();
        store.erase(Caller.everyone(), KEY);
        database.history("Practitioner").insertMany(history.subList(0, 2));

        assertNothingButTheMarkIsShown();
        assertThat(store.erase(Caller.everyone(), KEY)).contains(new Erased(KEY, 5, 2));
        assertThat(history()).isEmpty();
    }

    @Test
    void erase_copyOfALateWriter_isNotShownAndRemovedByWhoeverWritesNext() {
        RawBsonDocument copy = copyCurrentIntoHistory();
        store.erase(Caller.everyone(), KEY);
        database.history("Practitioner").insertOne(copy);

        assertNothingButTheMarkIsShown();
        assertThatThrownBy(() -> Histories.put(store, KEY, "e"))
                .asInstanceOf(type(Refusal.class))
                .extracting(Refusal::reason)
                .isEqualTo(Refusal.Reason.CONFLICT);
        assertThat(history()).isEmpty();
    }

    @Test
    void erase_copyOfTheCurrentVersionInHistory_isCountedOnce() {
        copyCurrentIntoHistory();

        assertThat(store.erase(Caller.everyone(), KEY)).contains(new Erased(KEY, 5, 4));
        assertThat(history()).isEmpty();
    }

    @Test
    void erase_whileOthersWrite_leavesNothing() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            running.add(writers.submit(() -> writeUntilErased()));
        }
        assertThat(store.erase(Caller.everyone(), KEY)).isPresent();
        for (Future<?> writer : running) {
            writer.get();
        }
        writers.shutdown();

        assertThat(history()).isEmpty();
        assertThat(store.read(Caller.everyone(), KEY)).get().isInstanceOf(ResourceVersion.Deleted.class);
        assertThat(all()).hasSize(1);
    }

    @Test
    void erased_severalOfOneType_areListedById() {
        for (String id : List.of("q2", "q1", "q3")) {
            Histories.put(store, new ResourceKey("Practitioner", id), "x");
            store.erase(Caller.everyone(), new ResourceKey("Practitioner", id));
        }

        assertThat(store.erased(Caller.everyone(), "Practitioner", "", 2))
                .extracting(ResourceKey::id)
                .containsExactly("q1", "q2");
        assertThat(store.erased(Caller.everyone(), "Practitioner", "q2", 2))
                .extracting(ResourceKey::id)
                .containsExactly("q3");
        assertThat(store.erased(Caller.everyone(), "Organization", "", 2)).isEmpty();
        Condition some = new Condition.In("t_active-value", List.of(new BsonString("true")));
        assertThat(store.erased(ContractStore.only(some), "Practitioner", "", 2))
                .isEmpty();
        assertThatThrownBy(() -> store.erased(
                        new Caller("other", Scope.everything(), Scope.everything(), Scope.everything()),
                        "Practitioner",
                        "",
                        2))
                .hasMessageContaining("other");
    }

    private void writeUntilErased() {
        for (int i = 0; ; i++) {
            try {
                if (i % 5 == 4) {
                    store.delete(Caller.everyone(), KEY, Precondition.none());
                }
                Histories.put(store, KEY, Thread.currentThread().getName() + i);
            } catch (Refusal e) {
                assertThat(e).hasMessageContaining("erased");
                return;
            }
        }
    }

    private void assertNothingButTheMarkIsShown() {
        assertThat(all()).containsExactly("p1/5");
        assertThat(Histories.all(store, Histories.PRACTITIONERS)).containsExactly("p1/5");
        for (long version = 1; version < 5; version++) {
            assertThat(store.readVersion(Caller.everyone(), KEY, version)).isEmpty();
        }
    }

    private UpkeepCounts repair() {
        return repairHistory.run("Practitioner", Instant.EPOCH, () -> true);
    }

    private List<String> all() {
        return Histories.all(store, ONE);
    }

    private List<RawBsonDocument> history() {
        return database.history("Practitioner").find().into(new ArrayList<>());
    }

    /** As a write does that dies after it. */
    private RawBsonDocument copyCurrentIntoHistory() {
        RawBsonDocument current = Objects.requireNonNull(
                database.current("Practitioner").find(Filters.eq("_id", "p1")).first());
        RawBsonDocument copy = VersionDocuments.superseded(StoredVersion.of(KEY, current));
        database.history("Practitioner").insertOne(copy);
        return copy;
    }

    private void removeEnd(long version) {
        database.history("Practitioner").updateOne(version(version), Updates.unset("to"));
    }

    private Instant end(long version) {
        RawBsonDocument entry = Objects.requireNonNull(
                database.history("Practitioner").find(version(version)).first());
        return Instant.ofEpochMilli(entry.getDateTime("to").getValue());
    }

    private static Bson version(long version) {
        return Filters.eq("_id", HistoryIds.of("p1", version));
    }

    private Instant from(long version) {
        return store.readVersion(Caller.everyone(), KEY, version).orElseThrow().from();
    }
}
