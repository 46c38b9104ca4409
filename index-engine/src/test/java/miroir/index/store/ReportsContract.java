package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;

/** Reports on all that is stored. */
interface ReportsContract extends ContractStore {
    private static boolean make(KeptReports reports, int number, int rows) {
        return reports.make("some", draft -> {
            for (int i = 1; i <= rows; i++) {
                draft.row("a", List.of("a" + i, String.valueOf(number)));
                draft.row("b", List.of("b" + i, ""));
            }
            draft.goesOn();
            return Optional.of(new BsonDocument("number", new BsonInt32(number)));
        });
    }

    @Test
    default void make_keepsReportAndRows_newestFirst() {
        KeptReports reports = store().reports();
        assertThat(reports.newest("some", 5)).isEmpty();
        assertThat(make(reports, 1, 1_234)).isTrue();
        assertThat(make(reports, 2, 2)).isTrue();
        assertThat(reports.newest("other", 5)).isEmpty();
        assertThat(reports.newest("some", 5))
                .extracting(kept -> kept.content().getInt32("number").getValue())
                .containsExactly(2, 1);
        assertThat(reports.newest("some", 1)).hasSize(1);
        String older = reports.newest("some", 2).get(1).id();
        assertThat(reports.rows(older, "a", 0, 2)).containsExactly(List.of("a1", "1"), List.of("a2", "1"));
        assertThat(reports.rows(older, "b", 1_233, 10)).containsExactly(List.of("b1234", ""));
        assertThat(reports.rows(older, "a", 1_234, 10)).isEmpty();
        assertThat(reports.rows(older, "c", 0, 10)).isEmpty();
    }

    @Test
    default void make_ofNothing_keepsNothing() {
        KeptReports reports = store().reports();
        assertThat(reports.make("some", draft -> Optional.empty())).isFalse();
        assertThat(reports.newest("some", 5)).isEmpty();
    }
}
