package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.store.KeptReports;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several servers that make reports. */
@ExtendWith(MongoExtension.class)
final class KeepReportsIT {
    private static Optional<BsonDocument> report(int number) {
        return Optional.of(new BsonDocument("number", new BsonInt32(number)));
    }

    private static StoreDatabase open(TestDatabase database) {
        return new StoreDatabase(MongoStoreSettings.of(database.uri(), database.name(), Set.of()));
    }

    @Test
    void make_whileAnotherMakesIt_doesNothing(TestDatabase test) {
        try (StoreDatabase database = open(test)) {
            KeptReports one = new KeepReports(database);
            KeptReports other = new KeepReports(database);
            assertThat(one.make("busy", draft -> {
                        assertThat(other.make("busy", none -> report(0))).isFalse();
                        assertThat(other.make("else", none -> report(2))).isTrue();
                        return report(1);
                    }))
                    .isTrue();
            assertThat(one.newest("busy", 9)).hasSize(1);
            assertThat(other.make("busy", none -> report(3))).isTrue();
        }
    }

    @Test
    void make_thatFails_isFreeAtOnce_andKeepsNothing(TestDatabase test) {
        try (StoreDatabase database = open(test)) {
            KeptReports reports = new KeepReports(database);
            assertThatThrownBy(() -> reports.make("failing", draft -> {
                        for (int i = 0; i < 1_001; i++) {
                            draft.row("list", List.of("x"));
                        }
                        assertThat(rows(database)).isEqualTo(1_000);
                        throw new Refusal(Refusal.Reason.NOT_READY, "away");
                    }))
                    .hasMessage("away");
            assertThat(reports.newest("failing", 1)).isEmpty();
            assertThat(rows(database)).isZero();
            assertThat(reports.make("failing", draft -> report(1))).isTrue();
        }
    }

    private static long rows(StoreDatabase database) {
        return database.database().getCollection(KeepReports.ROWS).countDocuments();
    }

    @Test
    void make_takenOver_isRefused(TestDatabase test) {
        try (StoreDatabase database = open(test)) {
            KeptReports reports = new KeepReports(database);
            assertThatThrownBy(() -> reports.make("lost", draft -> {
                        database.jobs()
                                .updateOne(
                                        new BsonDocument("_id", new BsonString("report lost")),
                                        new BsonDocument(
                                                "$set", new BsonDocument("holder", new BsonString("another"))));
                        return report(1);
                    }))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("another server");
            assertThat(reports.newest("lost", 1)).isEmpty();
        }
    }

    @Test
    void rows_areKeptOfTheTwoNewest(TestDatabase test) {
        try (StoreDatabase database = open(test)) {
            KeptReports reports = new KeepReports(database);
            for (int i = 1; i <= 3; i++) {
                int number = i;
                reports.make("rows", draft -> {
                    draft.row("list", List.of("row " + number));
                    return report(number);
                });
            }
            List<KeptReports.Kept> kept = reports.newest("rows", 9);
            assertThat(kept).hasSize(3);
            assertThat(reports.rows(kept.get(0).id(), "list", 0, 9)).containsExactly(List.of("row 3"));
            assertThat(reports.rows(kept.get(1).id(), "list", 0, 9)).containsExactly(List.of("row 2"));
            assertThat(reports.rows(kept.get(2).id(), "list", 0, 9)).isEmpty();
        }
    }
}
