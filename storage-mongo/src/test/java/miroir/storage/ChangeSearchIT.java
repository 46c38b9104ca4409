package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.model.Filters;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is searched changes while two stores work on one database, and one of them may stand still anywhere. */
@ExtendWith(MongoExtension.class)
final class ChangeSearchIT {
    private static final String CODE = "mark";
    private static final String[] BY_GENDER = {CODE, "Practitioner.gender"};
    private static final String[] BY_USE = {CODE, "Practitioner.name.use"};
    private static final int SOME = 300;

    /** Short enough to be waited for. */
    private static final FloorTerms FLOORS = new FloorTerms(
            Duration.ofMillis(400),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            Duration.ofMillis(10),
            Duration.ofMillis(100));

    private static final SearchTerms TERMS = new SearchTerms(
            Duration.ofMillis(2_000),
            Duration.ofMillis(200),
            Duration.ofMillis(1_500),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(500),
            SearchTerms.usual().fewEnded());

    /** Whoever says once that it is there need not say it again within a test. */
    private static final SearchTerms RARELY = new SearchTerms(
            Duration.ofMinutes(3),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            SearchTerms.usual().fewEnded());

    private final TestDatabase database;

    ChangeSearchIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void dropAll() {
        OpenStores.inside(database, inside -> inside.drop());
    }

    @Test
    void change_whileTwoStoresWrite_answersAreRefusedOrRight() throws Exception {
        DescribedSearch files = new DescribedSearch();
        DescribedSearch others = new DescribedSearch();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (MongoResourceStore one = open(files);
                MongoResourceStore other = open(others)) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(other);
            Map<String, String> acknowledged = new ConcurrentHashMap<>();
            AtomicInteger right = new AtomicInteger();
            List<CompletableFuture<?>> running = List.of(
                    CompletableFuture.runAsync(() -> write(one, "a", acknowledged, stop), threads),
                    CompletableFuture.runAsync(() -> write(other, "b", acknowledged, stop), threads),
                    CompletableFuture.runAsync(() -> search(one, acknowledged, stop, right), threads),
                    CompletableFuture.runAsync(() -> search(other, acknowledged, stop, right), threads));

            awaitWritten(acknowledged, SOME);
            files.change(BY_GENDER);
            awaitRight(one, other, right, "male");
            awaitWritten(acknowledged, acknowledged.size() + 50);
            // What the other starts with is left over by now, so it has to be told on purpose.
            others.change(CODE, "Practitioner.name.use", "also", "Practitioner.active");
            awaitRight(one, other, right, "official");
            awaitWritten(acknowledged, acknowledged.size() + 50);
            files.change("last", "Practitioner.active");
            Awaitility.await()
                    .until(() -> one.inForce().made().registry().find("Practitioner", CODE) == null
                            && other.inForce().made().registry().find("Practitioner", CODE) == null);
            OpenStores.awaitSearchable(one);
            stop.set(true);
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
            assertNothingOlder(one, "t_mark-value");
        } finally {
            stop.set(true);
            threads.shutdown();
        }
    }

    @Test
    void put_searchParameter_isSearchedOnAllStoresAndRemovedWithItsDeletion() {
        try (MongoResourceStore one = open(new DescribedSearch());
                MongoResourceStore other = open(new DescribedSearch())) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(other);
            put(one, "p1", "male", "official");
            put(other, "p2", "female", "official");
            ResourceKey key = new ResourceKey("SearchParameter", "s1");
            putParameter(one);

            awaitKnown(other);
            awaitKnown(one);
            assertThat(select(one, "male")).containsExactly("p1");
            assertThat(select(other, "female")).containsExactly("p2");

            other.delete(Caller.everyone(), key, Precondition.none());
            Awaitility.await().until(() -> one.inForce().made().registry().find("Practitioner", CODE) == null);
            OpenStores.awaitSearchable(one);
            Awaitility.await().until(() -> older(one, "t_mark-value").isEmpty());
        }
    }

    @Test
    void change_aMemberStandsStill_isNotWaitedForBeyondItsLeaseAndAnswersNothingAfter() throws Exception {
        CommandSteps steps = new CommandSteps("miroir_search");
        DescribedSearch files = new DescribedSearch(BY_GENDER);
        try (MongoResourceStore one = open(files);
                MongoResourceStore still = open(new DescribedSearch(BY_GENDER), steps, TERMS)) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(still);
            put(still, "p1", "male", "official");
            assertThat(select(still, "male")).containsExactly("p1");
            steps.standStill();
            Awaitility.await().until(steps::isStopped);

            files.change(BY_USE);
            awaitMeaning(one, "Practitioner.name.use");
            assertThat(select(one, "official")).containsExactly("p1");
            // It knows nothing of that yet.
            assertRefused(() -> select(still, "male"));

            steps.goOn();
            awaitMeaning(still, "Practitioner.name.use");
            assertThat(select(still, "official")).containsExactly("p1");
        } finally {
            steps.goOn();
        }
    }

    @Test
    void select_changedBetweenReadingAndAnswering_isRefusedAndOthersAreNot() throws Exception {
        AfterCommand after = new AfterCommand("Practitioner", "find");
        DescribedSearch files = new DescribedSearch(CODE, "Practitioner.gender", "kept", "Practitioner.gender");
        try (MongoResourceStore one = open(files);
                MongoResourceStore slow =
                        open(new DescribedSearch(CODE, "Practitioner.gender", "kept", "Practitioner.gender"), after)) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(slow);
            put(one, "p1", "male", "official");
            for (String field : List.of("t_mark-value", "t_kept-value")) {
                String expression = field.equals("t_mark-value") ? "Practitioner.name.use" : "Practitioner.active";
                after.stop();
                SearchInForce before = slow.inForce();
                CompletableFuture<List<String>> answer =
                        CompletableFuture.supplyAsync(() -> select(slow.of(before), field, "male"));
                Awaitility.await().until(after::isStopped);
                files.change(CODE, expression, "kept", "Practitioner.gender");
                awaitMeaning(one, expression);
                awaitMeaning(slow, expression);
                after.goOn();
                if (field.equals("t_mark-value")) {
                    assertRefused(() -> join(answer));
                } else {
                    assertThat(answer.join()).containsExactly("p1");
                }
            }
        } finally {
            after.goOn();
        }
    }

    @Test
    void put_standsStillBeforeItsCommit_holdsUpTheChange() throws Exception {
        CommandSteps steps = new CommandSteps("Practitioner");
        CommandSteps floors = new CommandSteps("miroir_floors");
        DescribedSearch files = new DescribedSearch();
        // What stands still may be committed for ten seconds.
        try (MongoResourceStore one = open(files, floors, FloorTerms.usual());
                MongoResourceStore still = open(new DescribedSearch(), steps, FloorTerms.usual())) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(still);
            put(one, "p1", "male", "official");
            steps.stopBefore(2);
            CompletableFuture<Void> put = CompletableFuture.runAsync(() -> put(still, "p1", "female", "usual"));
            Awaitility.await().until(steps::isStopped);

            floors.stopBefore(0);
            files.change(BY_GENDER);
            Awaitility.await().until(() -> floors.count("findAndModify") > 0 || isKnown(one));
            assertThat(isKnown(one)).as("complete while older fields may come").isFalse();
            assertThat(indexes()).as("of fields that cannot begin").doesNotContain("t_mark-value_1_n_1");
            assertRefused(() -> select(one, "male"));
            steps.goOn();
            put.join();

            awaitKnown(one);
            assertThat(select(one, "male")).isEmpty();
            assertThat(select(one, "female")).containsExactly("p1");
            assertThat(older(one, "")).isEmpty();
        } finally {
            steps.goOn();
        }
    }

    @Test
    void put_standsStillBeforeItKeepsTheVersion_leavesNoOlderCopy() throws Exception {
        CommandSteps steps = new CommandSteps("Practitioner_history");
        DescribedSearch files = new DescribedSearch();
        try (MongoResourceStore one = open(files);
                MongoResourceStore still = open(new DescribedSearch(), steps)) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(still);
            put(one, "p1", "male", "official");
            steps.stopBefore(1);
            CompletableFuture<Void> put = CompletableFuture.runAsync(() -> put(still, "p1", "female", "usual"));
            Awaitility.await().until(steps::isStopped);

            files.change(BY_GENDER);
            awaitKnown(one);
            assertThat(select(one, "male")).containsExactly("p1");
            steps.goOn();
            put.join();

            assertThat(select(one, "male")).isEmpty();
            assertThat(select(one, "female")).containsExactly("p1");
            assertThat(older(one, "")).isEmpty();
            assertThat(documents("Practitioner_history")).hasSize(1);
        } finally {
            steps.goOn();
        }
    }

    @Test
    void put_overAVersionOfWhichAnOlderCopyIsInHistory_putsTheNewerInItsPlace() {
        DescribedSearch files = new DescribedSearch();
        try (MongoResourceStore one = open(files)) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
            BsonDocument copy = documents("Practitioner").get(0);
            copy.put("_id", HistoryIds.of("p1", 1).toBsonDocument());
            files.change(BY_GENDER);
            awaitKnown(one);
            // Its writer had stood still since he read the version, and will not go on.
            OpenStores.inside(
                    database,
                    inside ->
                            OpenStores.documents(inside, "Practitioner_history").insertOne(copy));

            put(one, "p1", "female", "official");

            assertThat(older(one, "")).isEmpty();
            assertThat(documents("Practitioner_history"))
                    .singleElement()
                    .satisfies(kept -> assertThat(kept).containsKeys("t_mark-value", "to"));
        }
    }

    @Test
    void change_whoMakesFieldsAnewStandsStill_othersGoOn() throws Exception {
        CommandSteps steps = new CommandSteps("Practitioner");
        DescribedSearch files = new DescribedSearch();
        try (MongoResourceStore still = open(files, steps)) {
            OpenStores.awaitSearchable(still);
            for (int i = 0; i < SOME; i++) {
                put(still, "p" + i, "male", "official");
            }
            steps.stopBefore(3);
            files.change(BY_GENDER);
            Awaitility.await().until(steps::isStopped);
            assertThat(indexes()).as("of fields that are being made").doesNotContain("t_mark-value_1_n_1");
            try (MongoResourceStore one = open(new DescribedSearch(BY_GENDER))) {
                awaitKnown(one);
                assertThat(indexes()).contains("t_mark-value_1_n_1");
                assertThat(select(one, "male")).hasSize(SOME);
                put(one, "p0", "female", "official");
                steps.goOn();
                awaitKnown(still);
                assertThat(select(still, "male")).hasSize(SOME - 1);
                assertThat(older(one, "")).isEmpty();
            }
        } finally {
            steps.goOn();
        }
    }

    @Test
    void open_whatWasReplaced_isLeftOverAndSaysSo() {
        try (MongoResourceStore one = open(new DescribedSearch())) {
            OpenStores.awaitSearchable(one);
        }
        try (MongoResourceStore one = open(new DescribedSearch(BY_GENDER))) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
        }
        DescribedSearch files = new DescribedSearch();
        try (MongoResourceStore one = open(files)) {
            awaitKnown(one);
            assertThat(select(one, "male")).containsExactly("p1");
            assertThat(one.readiness().detail()).contains("replaced by those of another");

            files.change(BY_GENDER);
            Awaitility.await().until(() -> one.readiness().detail().isEmpty());
        }
    }

    @Test
    void open_numberThatNobodyLivedToAnnounce_isAnnounced() {
        try (MongoResourceStore one = open(new DescribedSearch())) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
            putUp(new DescribedSearch(BY_GENDER));
        }
        DescribedSearch files = new DescribedSearch("other", "Practitioner.active");
        try (MongoResourceStore one = open(files)) {
            Awaitility.await().until(() -> one.inForce().made().registry().find("Practitioner", "other") != null);
            OpenStores.awaitSearchable(one);
            assertThat(FieldsNumber.counted(one.inForce().number())).isEqualTo(3);
            assertThat(older(one, "")).isEmpty();
        }
    }

    @Test
    void open_whoPutItUpAndDiedBeforeItWasAnnounced_isInForceAndNotLeftOver() {
        try (MongoResourceStore one = open(new DescribedSearch())) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
            putUp(new DescribedSearch(BY_GENDER));
        }
        try (MongoResourceStore one = open(new DescribedSearch(BY_GENDER))) {
            awaitKnown(one);
            assertThat(FieldsNumber.counted(one.inForce().number())).isEqualTo(2);
            assertThat(select(one, "male")).containsExactly("p1");
            assertThat(one.readiness().detail()).isEmpty();
        }
    }

    @Test
    void put_searchParameterWhileSomebodyElseChanges_comesIntoForceAfterThat() {
        try (MongoResourceStore one = open(new DescribedSearch())) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
            putUp(new DescribedSearch("other", "Practitioner.active"));

            putParameter(one);

            awaitKnown(one);
            assertThat(FieldsNumber.counted(one.inForce().number())).isEqualTo(3);
            assertThat(one.inForce().made().registry().find("Practitioner", "other"))
                    .isNotNull();
            assertThat(select(one, "male")).containsExactly("p1");
        }
    }

    @Test
    void putUp_moreThanADocumentHolds_isRefused() {
        try (StoreDatabase inside = new StoreDatabase(settings())) {
            BsonDocument large = new BsonDocument("large", new BsonString("x".repeat(16 * 1024 * 1024)));
            SearchNumber number = new SearchNumber(1, large, List.of(), Map.of());

            assertThatThrownBy(() -> new SearchBoard(inside, TERMS.lease(), 1).putUp(number))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("at most 15728640");
        }
    }

    @Test
    void open_announcedNumberIsMissing_isAnnouncedAnew() {
        try (MongoResourceStore one = open(new DescribedSearch(BY_GENDER))) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
        }
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_search").deleteMany(Filters.type("_id", "long")));
        try (MongoResourceStore one = open(new DescribedSearch(BY_GENDER))) {
            awaitKnown(one);
            assertThat(FieldsNumber.counted(one.inForce().number())).isEqualTo(2);
            assertThat(select(one, "male")).containsExactly("p1");
        }
    }

    /** The next number, of which nobody hears. */
    private void putUp(DescribedSearch of) {
        try (StoreDatabase inside = new StoreDatabase(settings())) {
            SearchBoard board = new SearchBoard(inside, TERMS.lease(), 1);
            SearchNumber now = board.number(board.state().announced()).orElseThrow();
            board.putUp(now.next(of.ours(), List.of(), of.make(of.ours(), List.of())));
        }
    }

    @Test
    void change_thatAMemberDoesNotUnderstand_goesOnWithoutIt() {
        DescribedSearch files = new DescribedSearch();
        try (MongoResourceStore one = open(DescribedSearch.old());
                MongoResourceStore newer = open(files)) {
            OpenStores.awaitSearchable(one);
            OpenStores.awaitSearchable(newer);
            files.change(DescribedSearch.newer());
            Awaitility.await().until(() -> FieldsNumber.counted(newer.inForce().number()) == 2);
            OpenStores.awaitSearchable(newer);
            put(newer, "p1", "male", "official");

            Awaitility.await().until(() -> !one.readiness().ready());
            assertThat(one.readiness().detail()).contains("what is newer is not understood");
            assertRefused(() -> select(one, Condition.all()));
            assertRefused(() -> {
                put(one, "p2", "male", "official");
                return "";
            });
            assertThat(one.read(Caller.everyone(), new ResourceKey("Practitioner", "p1")))
                    .isPresent();
        }
    }

    @Test
    void open_again_asksLittle() {
        try (MongoResourceStore one = open(new DescribedSearch(BY_GENDER))) {
            OpenStores.awaitSearchable(one);
            put(one, "p1", "male", "official");
        }
        CommandSteps steps = new CommandSteps("miroir_search", "Practitioner", "Practitioner_history");
        try (StoreDatabase inside = new StoreDatabase(settings(), List.of(steps));
                MongoResourceStore one =
                        MongoResourceStore.open(inside, settings(), new DescribedSearch(BY_GENDER), FLOORS, RARELY)) {
            OpenStores.awaitSearchable(one);

            assertThat(FieldsNumber.counted(one.inForce().number())).isEqualTo(1);
            assertThat(steps.count("insert")).isZero();
            assertThat(steps.count("find")).as("of numbers, of positions").isLessThan(10);
            assertThat(steps.count("findAndModify")).as("says that it is there").isEqualTo(1);
        }
    }

    private void write(ResourceStore store, String prefix, Map<String, String> acknowledged, AtomicBoolean stop) {
        for (int i = 0; !stop.get(); i++) {
            String id = prefix + i;
            String gender = i % 2 == 0 ? "male" : "female";
            String use = i % 3 == 0 ? "official" : "usual";
            try {
                put(store, id, gender, use);
                acknowledged.put(id, gender + " " + use);
            } catch (Refusal refused) {
                assertThat(refused.reason()).isEqualTo(Refusal.Reason.NOT_READY);
            }
        }
    }

    private static void search(
            MongoResourceStore store, Map<String, String> acknowledged, AtomicBoolean stop, AtomicInteger right) {
        while (!stop.get()) {
            SearchInForce inForce = store.inForce();
            SearchParameter parameter = inForce.made().registry().find("Practitioner", CODE);
            assertThat(select(store, new Condition.In("t__tag-value", List.of(new BsonString("x")))))
                    .isEmpty();
            if (parameter == null || inForce.pending().why("Practitioner", CODE).isPresent()) {
                continue;
            }
            String value = parameter.expression().endsWith("gender") ? "male" : "official";
            Set<String> expected = new TreeSet<>();
            acknowledged.forEach((id, marks) -> {
                if (List.of(marks.split(" ")).contains(value)) {
                    expected.add(id);
                }
            });
            try {
                assertThat(select(store.of(inForce), "t_mark-value", value)).containsAll(expected);
                right.incrementAndGet();
            } catch (Refusal refused) {
                assertThat(refused.reason()).isEqualTo(Refusal.Reason.NOT_READY);
            }
        }
    }

    private static void awaitWritten(Map<String, String> acknowledged, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= count);
    }

    private static void awaitRight(
            MongoResourceStore one, MongoResourceStore other, AtomicInteger right, String value) {
        String expression = value.equals("male") ? "Practitioner.gender" : "Practitioner.name.use";
        awaitMeaning(one, expression);
        awaitMeaning(other, expression);
        int before = right.get();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> right.get() > before + 3);
    }

    /** Until the parameter means that and can be searched. */
    private static void awaitMeaning(MongoResourceStore store, String expression) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> means(store, expression));
    }

    private static boolean means(MongoResourceStore store, String expression) {
        SearchInForce inForce = store.inForce();
        SearchParameter parameter = inForce.made().registry().find("Practitioner", CODE);
        return store.readiness().ready()
                && parameter != null
                && parameter.expression().equals(expression)
                && inForce.pending().why("Practitioner", CODE).isEmpty();
    }

    private static boolean isKnown(MongoResourceStore store) {
        return means(store, "Practitioner.gender");
    }

    private static void awaitKnown(MongoResourceStore store) {
        awaitMeaning(store, "Practitioner.gender");
    }

    private void assertNothingOlder(MongoResourceStore store, String field) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> older(store, field).isEmpty());
    }

    /** Documents that have a field, or that are of another number than the newest. */
    private List<BsonDocument> older(MongoResourceStore store, String field) {
        List<BsonDocument> found = new ArrayList<>();
        long number = store.inForce().number();
        for (String collection : List.of("Practitioner", "Practitioner_history")) {
            OpenStores.inside(
                    database,
                    inside -> OpenStores.documents(inside, collection)
                            .find(field.isEmpty() ? Filters.ne("x", new BsonInt64(number)) : Filters.exists(field))
                            .into(found));
        }
        return found;
    }

    private List<BsonDocument> documents(String collection) {
        List<BsonDocument> found = new ArrayList<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, collection).find().into(found));
        return found;
    }

    /** By their names. */
    private List<String> indexes() {
        List<String> names = new ArrayList<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "Practitioner")
                        .listIndexes(BsonDocument.class)
                        .forEach(index -> names.add(index.getString("name").getValue())));
        return names;
    }

    private static void assertRefused(Callable<?> work) {
        assertThatThrownBy(work::call)
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.NOT_READY));
    }

    private static <T> T join(CompletableFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw (Exception) Objects.requireNonNull(e.getCause());
        }
    }

    private MongoStoreSettings settings() {
        return MongoStoreSettings.of(database.uri(), database.name(), DescribedSearch.TYPES);
    }

    private MongoResourceStore open(DescribedSearch files) {
        return MongoResourceStore.open(new StoreDatabase(settings()), settings(), files, FLOORS, OpenStores.quick());
    }

    private MongoResourceStore open(DescribedSearch files, CommandListener listener) {
        return open(files, listener, OpenStores.quick());
    }

    private MongoResourceStore open(DescribedSearch files, CommandListener listener, SearchTerms terms) {
        return MongoResourceStore.open(
                new StoreDatabase(settings(), List.of(listener)), settings(), files, FLOORS, terms);
    }

    private MongoResourceStore open(DescribedSearch files, CommandListener listener, FloorTerms floors) {
        return MongoResourceStore.open(
                new StoreDatabase(settings(), List.of(listener)), settings(), files, floors, OpenStores.quick());
    }

    private static void putParameter(MongoResourceStore store) {
        store.put(
                Caller.everyone(),
                new ResourceKey("SearchParameter", "s1"),
                RawBsonDocument.parse("{resourceType: 'SearchParameter', id: 's1', status: 'active',"
                        + " code: 'mark', expression: 'Practitioner.gender'}"),
                Precondition.none());
        store.lookForChange();
    }

    private static void put(ResourceStore store, String id, String gender, String use) {
        ResourceKey key = new ResourceKey("Practitioner", id);
        store.put(
                Caller.everyone(),
                key,
                RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + id + "', gender: '" + gender
                        + "', name: [{use: '" + use + "', family: 'F'}]}"),
                Precondition.none());
    }

    private static List<String> select(ResourceStore store, String value) {
        return select(store, "t_mark-value", value);
    }

    private static List<String> select(ResourceStore store, String field, String value) {
        return select(store, new Condition.In(field, List.of(new BsonString(value))));
    }

    private static List<String> select(ResourceStore store, Condition where) {
        PageQuery query = new PageQuery("Practitioner", where, 0, 100_000, Deadline.in(Duration.ofSeconds(20)));
        return store.select(Caller.everyone(), query).resources().stream()
                .map(live -> live.key().id())
                .toList();
    }

    /** Stops a store after a command was answered, until it may go on. */
    private static final class AfterCommand implements CommandListener {
        private final BsonString collection;
        private final String command;
        private final Set<Integer> ours = ConcurrentHashMap.newKeySet();
        private boolean stops;
        private boolean isStopped;

        AfterCommand(String collection, String command) {
            this.collection = new BsonString(collection);
            this.command = command;
        }

        synchronized void stop() {
            stops = true;
            isStopped = false;
        }

        synchronized void goOn() {
            stops = false;
            notifyAll();
        }

        synchronized boolean isStopped() {
            return isStopped;
        }

        @Override
        public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals(command)
                    && collection.equals(event.getCommand().get(command))) {
                ours.add(event.getRequestId());
            }
        }

        @Override
        public synchronized void commandSucceeded(CommandSucceededEvent event) {
            if (!ours.remove(event.getRequestId())) {
                return;
            }
            while (stops) {
                isStopped = true;
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
