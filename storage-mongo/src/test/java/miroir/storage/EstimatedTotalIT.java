package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Totals beyond what is counted. */
@ExtendWith(MongoExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
final class EstimatedTotalIT {
    private static final int LIVE = 30_000;
    private static final int DELETED = 10_000;
    private static final int COUNTED = 1_000;

    private ResourceStore store;

    @BeforeAll
    void load(TestDatabase database) {
        store = OpenStores.ready(database);
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            SamplePractitioners sample = new SamplePractitioners(5);
            sample.load(inside, LIVE);
            sample.loadDeletions(inside, DELETED);
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static TotalQuery of(Condition where) {
        return TotalQuery.all("Practitioner", where, null, Deadline.in(Duration.ofMinutes(1)));
    }

    private static Condition active(String value) {
        return new Condition.In("t_active-value", List.of(new BsonString(value)));
    }

    private void assertNearlyRight(Condition where) {
        long right = store.count(Caller.everyone(), of(where)).matches();

        Total estimate = store.count(Caller.everyone(), of(where).estimatedBeyond(COUNTED));

        assertThat(right).isGreaterThan(COUNTED);
        assertThat(estimate.exact()).isFalse();
        assertThat(estimate.matches()).isBetween(right * 8 / 10, right * 12 / 10);
    }

    @Test
    void estimate_isOfTheRightSize_deletionsLeftOut() {
        assertNearlyRight(Condition.all());
        assertNearlyRight(active("true"));
        assertNearlyRight(new Condition.Or(List.of(active("false"), new Condition.Text("t_name", "mar", false))));
    }

    @Test
    void estimate_ofFew_isExact() {
        assertThat(store.count(Caller.everyone(), of(active("false")).estimatedBeyond(LIVE)))
                .isEqualTo(store.count(Caller.everyone(), of(active("false"))));
    }

    @Test
    void count_upToSoMany_isNotEstimated() {
        assertThat(store.count(
                        Caller.everyone(),
                        TotalQuery.upTo(7, "Practitioner", Condition.all(), Deadline.in(Duration.ofMinutes(1)))))
                .isEqualTo(new Total(7, false));
    }
}
