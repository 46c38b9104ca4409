package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.ResourceVersion.Origin;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Databases in an older format are served and brought forward, and those in a newer one are left alone. */
@ExtendWith(MongoExtension.class)
final class FormatIT {
    private static final String TYPE = "Practitioner";
    private static final String HISTORY = "Practitioner_history";
    private static final ResourceKey BACK = new ResourceKey(TYPE, "back");
    private static final Duration SOON = Duration.ofMillis(200);
    private static final HistoryUpkeep UPKEEP = new HistoryUpkeep(null, null, Duration.ofDays(1), Duration.ofHours(1));

    private final TestDatabase database;

    FormatIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void dropAll() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    @Test
    void open_emptyDatabase_isOfTheNewestFormat() {
        OpenStores.ready(database).close();

        assertThat(format()).isEqualTo(says(2, 1, 2));
    }

    @Test
    void open_firstFormat_becomesWhatWouldBeStoredToday() {
        FirstFormat.restore(database);

        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
            awaitComplete(2);
            Awaitility.await().until(() -> inHistory("cut", 2).containsKey("to"));
            assertThat(store.format()).isEqualTo(new FormatReached(2, 2));
            assertThat(store.readiness().detail()).doesNotContain("format");
        }

        long number = number();
        for (String type : FirstFormat.TYPES) {
            assertThat(byId(type)).isEqualTo(FirstFormat.today(type, type, number));
        }
        Map<BsonValue, BsonDocument> history = byId(HISTORY);
        // A copy of what is current, as any killed write leaves it: what was read before cannot take the word back.
        BsonDocument copy = Objects.requireNonNull(history.remove(HistoryIds.of("back", 3)));
        assertThat(withoutId(copy)).isEqualTo(withoutId(of(TYPE, "back")));
        assertThat(history).isEqualTo(FirstFormat.today(HISTORY, TYPE, number));
        assertThat(byId("Organization_history"))
                .isEqualTo(FirstFormat.today("Organization_history", "Organization", number));
        assertThat(byId("miroir_secrets"))
                .containsValues(FirstFormat.documents("miroir_secrets").toArray(BsonDocument[]::new));
        assertThat(documents("miroir_counters"))
                .allSatisfy(counter ->
                        assertThat(counter.getNumber("n").longValue()).isGreaterThanOrEqualTo(500));
    }

    @Test
    void open_firstFormat_isServedMeanwhile() throws Exception {
        FirstFormat.restore(database);
        CountDownLatch served = new CountDownLatch(1);

        try (MongoResourceStore store = open(steps(step(2, 1, (inside, type, pace) -> {
            await(served);
            new MarkReturns(inside).run(type, pace);
        })))) {
            OpenStores.awaitSearchable(store);
            Awaitility.await().until(() -> store.readiness().detail().contains("from format 1 to 2 (format 2, "));
            assertThat(store.readiness().ready()).isTrue();
            assertThat(store.format()).isEqualTo(new FormatReached(2, 1));
            assertThat(read(store, "changed")).isEqualTo("three");
            assertThat(select(store, "again")).containsExactlyInAnyOrder("back", "half");
            assertThat(Histories.all(store, new HistoryQuery.Resource(BACK)))
                    .containsExactly("back/3", "back/2", "back/1");
            put(store, "back", "next");
            put(store, "gone", "second");
            assertThat(origins(store, BACK)).containsExactly(Origin.UPDATED, Origin.UPDATED, Origin.PUT_CREATED);

            served.countDown();
            awaitComplete(2);
            assertThat(origins(store, BACK)).containsExactly(Origin.UPDATED, Origin.PUT_CREATED, Origin.PUT_CREATED);
            assertThat(put(store, "new", "first").position()).isGreaterThan(500);
        }
        assertWordsAreRight();
    }

    @Test
    void open_firstFormatBesideWriters_missesNothing() throws Exception {
        FirstFormat.restore(database);
        AtomicBoolean stop = new AtomicBoolean();
        try (MongoResourceStore store = open(FormatSteps.shipped());
                MongoResourceStore other = open(FormatSteps.shipped())) {
            OpenStores.awaitReady(store);
            OpenStores.awaitReady(other);
            List<CompletableFuture<Void>> writers = Stream.of(store, other)
                    .map(each -> CompletableFuture.runAsync(() -> writeUntil(each, stop)))
                    .toList();
            awaitComplete(2);
            stop.set(true);
            for (CompletableFuture<Void> each : writers) {
                each.get();
            }
        }
        assertWordsAreRight();
    }

    @Test
    void markReturns_whoReadBeforeAndPutsHisCopyLater_doesNotTakeTheWordBack() {
        FirstFormat.restore(database);
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            StoredVersion read = StoredVersion.of(
                    BACK, inside.current(TYPE).find(Filters.eq("_id", "back")).first());
            new MarkReturns(inside).run(TYPE, new Pace(0, () -> true, 1_000_000, changed -> {}));
            BsonDocument newer = new BsonDocument();
            newer.putAll(read.document());
            newer.put("x", new BsonInt64(FieldsNumber.beforeFirst(7) + 1));

            new KeepVersions(inside).run(TYPE, List.of(read));
            new KeepVersions(inside)
                    .run(TYPE, List.of(StoredVersion.of(BACK, new RawBsonDocument(newer, new BsonDocumentCodec()))));
        }

        assertThat(inHistory("back", 3))
                .containsEntry("op", new BsonString("PUT"))
                .containsEntry("x", new BsonInt64(FieldsNumber.beforeFirst(7) + 1));
    }

    @Test
    void markReturns_erasedBeforeTheCopyIsThere_leavesNoContent() {
        FirstFormat.restore(database);
        List<ResourceKey> returned = Stream.of("back", "twice", "half")
                .map(id -> new ResourceKey(TYPE, id))
                .toList();
        AtomicBoolean erased = new AtomicBoolean();
        try (MongoResourceStore other = open(steps(step(2, 1, (inside, type, pace) -> {})))) {
            OpenStores.awaitSearchable(other);
            awaitComplete(2);
            CommandListener meanwhile = before("insert", HISTORY, () -> {
                if (erased.compareAndSet(false, true)) {
                    returned.forEach(key -> other.erase(Caller.everyone(), key));
                }
            });
            try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database), List.of(meanwhile))) {
                new MarkReturns(inside).run(TYPE, new Pace(0, () -> true, 1_000_000, changed -> {}));
            }
        }

        assertThat(erased).isTrue();
        assertThat(byId(HISTORY).keySet())
                .extracting(id -> id.asDocument().getString("id").getValue())
                .isNotEmpty()
                .doesNotContain("back", "twice", "half");
    }

    private static CommandListener before(String command, String collection, Runnable meanwhile) {
        return new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals(command)
                        && new BsonString(collection).equals(event.getCommand().get(command))) {
                    meanwhile.run();
                }
            }
        };
    }

    @Test
    void open_writerWithoutWordsCameLater_isBroughtForwardOnceTheFormatIsForgotten() {
        FirstFormat.restore(database);
        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
            awaitComplete(2);
            put(store, "gone", "again");
        }
        // As a Miroir of before the word stores it, beside a newer one or after a way back.
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, TYPE).updateOne(Filters.eq("_id", "gone"), Updates.unset("op")));
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_state").deleteOne(Filters.eq("_id", "format")));

        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
            awaitComplete(2);
        }

        assertThat(of(TYPE, "gone")).containsEntry("op", new BsonString("PUT"));
        assertWordsAreRight();
    }

    @Test
    void require_beforeTheDatabaseWasAsked_isRefused() {
        say(says(3, 3, 3));
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            FollowFormat format = new FollowFormat(inside, FormatSteps.shipped());
            assertThat(isRefused(format::require)).isTrue();

            format.look();
            assertThatThrownBy(format::require).hasMessageContaining("of format 3");

            say(says(2, 1, 2));
            format.look();
            assertThat(isRefused(format::require)).isFalse();
        }
    }

    @Test
    void say_whatIsDone_isNotSaid() {
        say(says(2, 1, 2));
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            new FormatBoard(inside.vital()).say("by who stood still");
        }
        assertThat(format()).isEqualTo(says(2, 1, 2));
    }

    @Test
    void open_migratingServerIsGone_anotherGoesOn() {
        FirstFormat.restore(database);
        CountDownLatch begun = new CountDownLatch(1);
        MongoResourceStore first = open(steps(step(2, 1, (inside, type, pace) -> {
            new MarkReturns(inside).run(type, pace);
            begun.countDown();
            Awaitility.await().until(() -> !pace.goesOn());
        })));
        await(begun);
        first.close();
        assertThat(format()).containsEntry("complete", new BsonInt32(1));
        // As one that was killed leaves it.
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_jobs")
                        .updateOne(
                                Filters.eq("_id", "format"),
                                Updates.combine(
                                        Updates.set("holder", "dead"),
                                        Updates.set(
                                                "until", Date.from(Instant.now().plus(SOON))))));

        try (MongoResourceStore second = open(FormatSteps.shipped())) {
            OpenStores.awaitReady(second);
            awaitComplete(2);
        }
        assertWordsAreRight();
    }

    @Test
    void open_stepThatFails_isTriedAgain() {
        FirstFormat.restore(database);
        AtomicInteger tried = new AtomicInteger();
        AtomicBoolean mended = new AtomicBoolean();

        try (MongoResourceStore store = open(steps(step(2, 1, (inside, type, pace) -> {
            tried.incrementAndGet();
            if (!mended.get()) {
                throw new IllegalStateException("for this test");
            }
        })))) {
            OpenStores.awaitReady(store);
            Awaitility.await()
                    .until(() -> store.readiness()
                            .detail()
                            .contains("from format 1 to 2 (failed, and is tried again: for this test)"));
            mended.set(true);
            awaitComplete(2);
            assertThat(tried).hasValueGreaterThanOrEqualTo(1 + FirstFormat.TYPES.size());
            assertThat(format()).isEqualTo(says(2, 1, 2));
        }
    }

    @Test
    void open_again_doesNothing() {
        FirstFormat.restore(database);
        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
            awaitComplete(2);
            Awaitility.await().until(() -> inHistory("cut", 2).containsKey("to"));
        }
        Map<BsonValue, BsonDocument> history = byId(HISTORY);
        Map<BsonValue, BsonDocument> current = byId(TYPE);
        BsonDocument job = job();
        BsonDocument before = format();

        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
        }

        assertThat(format()).isEqualTo(before);
        assertThat(job()).isEqualTo(job);
        assertThat(byId(HISTORY)).isEqualTo(history);
        assertThat(byId(TYPE)).isEqualTo(current);
    }

    @Test
    void open_twoServers_migrateOnce() {
        FirstFormat.restore(database);
        ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
        FormatSteps steps = steps(
                step(2, 1, (inside, type, pace) -> done.add("2 " + type)),
                step(3, 1, (inside, type, pace) -> done.add("3 " + type)));

        try (MongoResourceStore one = open(steps);
                MongoResourceStore other = open(steps)) {
            awaitComplete(3);
            OpenStores.awaitReady(one);
            OpenStores.awaitReady(other);
            Awaitility.await().until(() -> other.format().complete() == 3);
        }

        assertThat(done).containsExactly("2 Organization", "2 Practitioner", "3 Organization", "3 Practitioner");
    }

    @Test
    void open_newerFormat_isRefusedAndChangesNothing() {
        say(says(3, 3, 3));

        assertThatThrownBy(() -> OpenStores.ready(database))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("the database " + database.name())
                .hasMessageContaining("of format 3")
                .hasMessageContaining("up to 2")
                .hasMessageContaining("Start the version of Miroir that was here last");
        assertThatThrownBy(() -> RequireFormat.known(OpenStores.settings(database)))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("of format 3");

        assertThat(collections()).containsExactly("miroir_state");
        assertThat(format()).isEqualTo(says(3, 3, 3));
    }

    @Test
    void open_newerFormatThatOlderMayGoOnBeside_goesOnAndMigratesNothing() {
        say(says(3, 2, 2));

        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
            RequireFormat.known(OpenStores.settings(database));
            put(store, "p1", "one");
            assertThat(read(store, "p1")).isEqualTo("one");
            assertThat(store.format()).isEqualTo(new FormatReached(3, 2));
        }

        assertThat(format()).isEqualTo(says(3, 2, 2));
    }

    @Test
    void requireFormat_nothingThere_leavesNothing() {
        RequireFormat.known(OpenStores.settings(database));
        assertThat(collections()).isEmpty();
    }

    @Test
    void raise_whileAnOlderOneServes_stopsItUntilItMayGoOn() {
        try (MongoResourceStore store = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(store);
            put(store, "p1", "one");

            say(says(3, 3, 2));
            Awaitility.await().until(() -> isRefused(() -> put(store, "p2", "two")));
            assertThat(isRefused(() -> read(store, "p1"))).isTrue();
            assertThat(isRefused(() -> select(store, "one"))).isTrue();
            assertThat(isRefused(() -> store.inTransaction(
                            Set.of(TYPE), Deadline.in(Duration.ofSeconds(5)), within -> put(within, "p3", "three"))))
                    .isTrue();
            Awaitility.await().until(() -> store.readiness().detail().contains("of format 3"));
            assertThat(store.readiness().ready()).isFalse();
            assertThat(byId(TYPE)).containsOnlyKeys(new BsonString("p1"));

            say(says(2, 1, 2));
            OpenStores.awaitReady(store);
            Awaitility.await().until(() -> !isRefused(() -> put(store, "p2", "two")));
            assertThat(read(store, "p1")).isEqualTo("one");
        }
    }

    @Test
    void open_stepThatShutsOlderOnesOut_beginsWhenTheyAreOut() {
        AtomicBoolean wasOut = new AtomicBoolean();
        try (MongoResourceStore older = open(FormatSteps.shipped())) {
            OpenStores.awaitSearchable(older);
            put(older, "p1", "one");
            unawareOfFormats(true);

            try (MongoResourceStore newer = open(steps(
                    step(2, 1, (inside, type, pace) -> {}),
                    step(3, 3, (inside, type, pace) -> wasOut.set(isRefused(() -> put(older, "p2", "two"))))))) {
                OpenStores.awaitReady(newer);
                Awaitility.await().until(() -> newer.readiness().detail().contains("waits for servers"));
                assertThat(format()).containsEntry("complete", new BsonInt32(2));
                unawareOfFormats(false);
                awaitComplete(3);
                put(newer, "p2", "two");
            }
        }
        assertThat(wasOut).isTrue();
    }

    /** A process that is there and says nothing about formats, as those of before this did. */
    private void unawareOfFormats(boolean isThere) {
        BsonDocument row = new BsonDocument("number", new BsonInt64(number()))
                .append("until", new BsonDateTime(Instant.now().plusSeconds(600).toEpochMilli()));
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_search")
                        .updateOne(
                                Filters.eq("_id", "in force"),
                                isThere ? Updates.set("members.old", row) : Updates.unset("members.old")));
    }

    /** Deletes and puts again what the first format has, and what is new. */
    private static void writeUntil(ResourceStore store, AtomicBoolean stop) {
        for (int round = 0; round < 5 || !stop.get(); round++) {
            for (String id : List.of("back", "half", "gone", "new")) {
                put(store, id, "round " + round);
                if (round % 2 == 1) {
                    store.delete(Caller.everyone(), new ResourceKey(TYPE, id), Precondition.none());
                }
            }
        }
    }

    /** Each version that is known to come after a deletion says that it was put again, and no other does. */
    private void assertWordsAreRight() {
        Map<BsonValue, BsonDocument> history = byId(HISTORY);
        List<BsonDocument> all = new ArrayList<>(history.values());
        all.addAll(documents(TYPE));
        assertThat(all).filteredOn(each -> each.containsKey("op")).isNotEmpty();
        for (BsonDocument each : all) {
            String id = HistoryIds.ofEither(each).getValue();
            BsonDocument before =
                    history.get(HistoryIds.of(id, each.getInt64("v").getValue() - 1));
            boolean isReturn = each.containsKey("fhir") && before != null && before.containsKey("deleted");
            assertThat(each.get("op"))
                    .as(id + "/" + each.getInt64("v").getValue())
                    .isEqualTo(isReturn ? new BsonString("PUT") : null);
        }
    }

    private MongoResourceStore open(FormatSteps steps) {
        MongoStoreSettings settings = OpenStores.settings(database).withUpkeep(UPKEEP);
        return MongoResourceStore.open(
                new StoreDatabase(settings),
                settings,
                new SameSearch(ContractFields.registry(), new ContractFields(), ContractStore.ZONE),
                FloorTerms.usual(),
                OpenStores.quick(),
                steps);
    }

    private static FormatSteps steps(FormatStep... steps) {
        return new FormatSteps(List.of(steps), SOON);
    }

    private static FormatStep step(int number, int writers, FormatStep.Work work) {
        return new FormatStep(number, writers, "what a test does", work);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitComplete(int number) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> new BsonInt32(number).equals(format().get("complete")));
    }

    private static BsonDocument says(int number, int writers, int complete) {
        return new BsonDocument("_id", new BsonString("format"))
                .append("number", new BsonInt32(number))
                .append("writers", new BsonInt32(writers))
                .append("complete", new BsonInt32(complete));
    }

    private void say(BsonDocument format) {
        OpenStores.inside(database, inside -> {
            OpenStores.documents(inside, "miroir_state").deleteOne(Filters.eq("_id", "format"));
            OpenStores.documents(inside, "miroir_state").insertOne(format);
        });
    }

    private BsonDocument format() {
        return byId("miroir_state").getOrDefault(new BsonString("format"), new BsonDocument());
    }

    private BsonDocument job() {
        return of("miroir_jobs", "format");
    }

    private long number() {
        return of("miroir_search", "in force").getInt64("announced").getValue();
    }

    private BsonDocument of(String collection, String id) {
        return Objects.requireNonNull(byId(collection).get(new BsonString(id)));
    }

    private BsonDocument inHistory(String id, long version) {
        return Objects.requireNonNull(byId(HISTORY).get(HistoryIds.of(id, version)));
    }

    private static BsonDocument withoutId(BsonDocument document) {
        BsonDocument rest = document.clone();
        rest.remove("_id");
        return rest;
    }

    private Map<BsonValue, BsonDocument> byId(String collection) {
        Map<BsonValue, BsonDocument> found = new HashMap<>();
        documents(collection).forEach(each -> found.put(each.get("_id"), each));
        return found;
    }

    private List<BsonDocument> documents(String collection) {
        List<BsonDocument> found = new ArrayList<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, collection).find().into(found));
        return found;
    }

    private List<String> collections() {
        List<String> found = new ArrayList<>();
        OpenStores.inside(database, inside -> inside.listCollectionNames().into(found));
        return found;
    }

    private static boolean isRefused(Runnable call) {
        try {
            call.run();
            return false;
        } catch (Refusal e) {
            assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_READY);
            return true;
        }
    }

    private static ResourceVersion.Live put(ResourceStore store, String id, String name) {
        return (ResourceVersion.Live) Histories.put(store, new ResourceKey(TYPE, id), name);
    }

    private static String read(ResourceStore store, String id) {
        ResourceVersion found =
                store.read(Caller.everyone(), new ResourceKey(TYPE, id)).orElseThrow();
        return ((ResourceVersion.Live) found)
                .fhir()
                .getArray("name")
                .get(0)
                .asString()
                .getValue();
    }

    private static List<String> select(ResourceStore store, String name) {
        PageQuery query = new PageQuery(
                TYPE, new Condition.Text("t_name", name, false), 0, 100, Deadline.in(Duration.ofSeconds(20)));
        return store.select(Caller.everyone(), query).resources().stream()
                .map(live -> live.key().id())
                .toList();
    }

    /** How the live versions of a resource came to be, the newest first. */
    private static List<Origin> origins(ResourceStore store, ResourceKey key) {
        HistoryQuery query = new HistoryQuery(
                new HistoryQuery.Resource(key),
                null,
                null,
                Instant.now().plusSeconds(3600),
                null,
                100,
                Deadline.in(Duration.ofSeconds(20)));
        return store.history(Caller.everyone(), query).versions().stream()
                .filter(ResourceVersion.Live.class::isInstance)
                .map(version -> ((ResourceVersion.Live) version).origin())
                .toList();
    }
}
