package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.mongodb.ExplainVerbosity;
import com.mongodb.client.FindIterable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page of a history costs a page, wherever it begins. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HistoryCostIT {
    private static final int COUNT = 2_000;
    private static final int LIMIT = 20;
    private static final String TYPE = "Practitioner";

    private final StoreDatabase database;
    private final SelectHistory selectHistory;

    HistoryCostIT(TestDatabase test) {
        OpenStores.ready(test).close();
        this.database = new StoreDatabase(OpenStores.settings(test));
        this.selectHistory = new SelectHistory(database, new ShownVersions(database, new FindEnd(database)));
    }

    @BeforeAll
    void load() {
        new SamplePractitioners(1).load(database, COUNT);
        List<RawBsonDocument> superseded = new ArrayList<>();
        for (RawBsonDocument current : database.current(TYPE).find()) {
            ResourceKey key = new ResourceKey(TYPE, current.getString("_id").getValue());
            StoredVersion version = StoredVersion.of(key, current);
            superseded.add(until(version, version.version().from().plusMillis(1)));
        }
        database.history(TYPE).insertMany(superseded);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void history_ofAType_readsAPageOfKeysAndDocuments() {
        for (@Nullable HistoryPosition after : new HistoryPosition[] {null, at(COUNT / 2), at(LIMIT + 5)}) {
            HistoryBounds bounds = new HistoryBounds(query(Histories.PRACTITIONERS), after, null);
            assertCostsAPage(
                    selectHistory.current(TYPE, Condition.all(), bounds).orElseThrow());
            assertCostsAPage(
                    selectHistory.superseded(TYPE, Condition.all(), bounds).orElseThrow());
        }
    }

    @Test
    void history_manyOfOneInstant_readsAPageWhereverItBegins() {
        Instant instant = SamplePractitioners.FIRST.minusSeconds(1);
        List<RawBsonDocument> deletions = IntStream.range(100, 600)
                .mapToObj(i -> VersionDocuments.deletion(new ResourceKey(TYPE, "d-" + i), COUNT + i, 1, instant))
                .toList();
        database.current(TYPE).insertMany(deletions);
        HistoryPosition after = new HistoryPosition(instant, TYPE, "d-399");

        FindIterable<RawBsonDocument> found = selectHistory
                .current(TYPE, Condition.all(), new HistoryBounds(query(Histories.PRACTITIONERS), after, null))
                .orElseThrow();

        assertCostsAPage(found);
        assertThat(found.first()).containsEntry("_id", new BsonString("d-400"));
    }

    @Test
    void history_ofAResource_readsItsVersions() {
        HistoryQuery.Of one = new HistoryQuery.Resource(new ResourceKey(TYPE, "p-77"));
        HistoryBounds bounds = new HistoryBounds(query(one), null, null);

        assertThat(keys(selectHistory.current(TYPE, Condition.all(), bounds).orElseThrow()))
                .isLessThanOrEqualTo(2);
        assertThat(keys(selectHistory.superseded(TYPE, Condition.all(), bounds).orElseThrow()))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void historyAt_fewEndedSince_readsThoseAlone() {
        for (int since : new int[] {COUNT, COUNT - 5}) {
            HistoryBounds bounds = new HistoryBounds(asAt(at(since).from()), null, null);
            FindIterable<RawBsonDocument> found =
                    selectHistory.superseded(TYPE, Condition.all(), bounds).orElseThrow();

            assertThat(keys(found)).isLessThanOrEqualTo(COUNT - since + 3);
        }
    }

    @Test
    void historyAt_manyOfOneInstant_goesOnBehindTheLastOfThem() {
        Instant instant = SamplePractitioners.FIRST.minusSeconds(1);
        List<RawBsonDocument> held = IntStream.range(100, 150)
                .mapToObj(i -> new ResourceKey(TYPE, "h-" + i))
                .map(key -> StoredVersion.of(key, VersionDocuments.deletion(key, 1, 1, instant)))
                .map(version -> until(version, Instant.now().plusSeconds(3600)))
                .toList();
        database.history(TYPE).insertMany(held);
        HistoryPosition after = new HistoryPosition(instant, TYPE, "h-129");

        FindIterable<RawBsonDocument> found = selectHistory
                .superseded(
                        TYPE, Condition.all(), new HistoryBounds(asAt(at(COUNT).from()), after, null))
                .orElseThrow();

        assertThat(found.first()).containsEntry("_id", HistoryIds.of("h-130", 1));
        database.history(TYPE).deleteMany(new BsonDocument("from", HistoryBounds.floor(instant)));
    }

    private static RawBsonDocument until(StoredVersion version, Instant end) {
        BsonDocument entry = VersionDocuments.superseded(version).decode(new BsonDocumentCodec());
        return new RawBsonDocument(entry.append("to", HistoryBounds.floor(end)), new BsonDocumentCodec());
    }

    @Test
    void historyAt_noTimeLeft_saysWhatToAskForInstead() {
        Instant at = at(COUNT).from();
        HistoryQuery late = new HistoryQuery(
                Histories.PRACTITIONERS, null, during(at), at, null, LIMIT, Deadline.in(Duration.ofSeconds(-1)));

        assertThatThrownBy(() -> selectHistory.run(Scope.everything(), late))
                .asInstanceOf(type(Refusal.class))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY))
                .satisfies(refusal -> assertThat(refusal).hasMessageContaining(at + ", after which much has ended"));
    }

    private static HistoryQuery asAt(Instant at) {
        return new HistoryQuery(
                Histories.PRACTITIONERS,
                null,
                during(at),
                Instant.now(),
                null,
                LIMIT,
                Deadline.in(Duration.ofSeconds(60)));
    }

    private static HistoryQuery.During during(Instant at) {
        return new HistoryQuery.During(at, at.plusMillis(1));
    }

    private static HistoryPosition at(int number) {
        Instant from = SamplePractitioners.FIRST.plusSeconds((long) number * SamplePractitioners.SECONDS_APART);
        return new HistoryPosition(from, TYPE, "p-" + number);
    }

    private static HistoryQuery query(HistoryQuery.Of of) {
        return new HistoryQuery(of, null, null, Instant.now(), null, LIMIT, Deadline.in(Duration.ofSeconds(60)));
    }

    private static void assertCostsAPage(FindIterable<RawBsonDocument> find) {
        assertThat(keys(find)).isBetween(LIMIT, LIMIT + 3);
        assertThat(statistics(find).getInt32("totalDocsExamined").getValue()).isEqualTo(LIMIT + 1);
    }

    private static int keys(FindIterable<RawBsonDocument> find) {
        return statistics(find).getInt32("totalKeysExamined").getValue();
    }

    private static BsonDocument statistics(FindIterable<RawBsonDocument> find) {
        return find.explain(BsonDocument.class, ExplainVerbosity.EXECUTION_STATS)
                .getDocument("executionStats");
    }
}
