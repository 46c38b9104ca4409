package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.connection.ConnectionPoolSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.junit.jupiter.api.Test;

class SearchTurnsTest {
    private static final Deadline PASSED = new Deadline(System.nanoTime() - 1);
    private static final Deadline FAR = Deadline.in(Duration.ofMinutes(1));

    @Test
    void when_allTurnsAreTakenAndTimeIsOver_isRefused() {
        SearchTurns turns = new SearchTurns(1);

        String outer = turns.when(PASSED, () -> {
            assertThatThrownBy(() -> byAnother(() -> turns.when(PASSED, () -> "other")))
                    .cause()
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY));
            return "outer";
        });

        assertThat(outer).isEqualTo("outer");
        assertThat(turns.<String>when(PASSED, () -> "next")).isEqualTo("next");
    }

    @Test
    void when_withinATurn_isPartOfIt() {
        SearchTurns turns = new SearchTurns(1);

        String parts = turns.when(PASSED, () -> turns.<String>when(PASSED, () -> "a") + turns.when(PASSED, () -> "b"));

        assertThat(parts).isEqualTo("ab");
        assertThat(byAnother(() -> turns.<String>when(PASSED, () -> "next"))).isEqualTo("next");
    }

    @Test
    void when_searchFails_turnIsGivenBack() {
        SearchTurns turns = new SearchTurns(1);

        assertThatThrownBy(() -> turns.when(FAR, () -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");

        assertThat(turns.<String>when(PASSED, () -> "next")).isEqualTo("next");
    }

    @Test
    void turns_ofAPool_areHalfOfItAndAtLeastOne() {
        assertThat(deepest(new SearchTurns(pool(6), 2))).isEqualTo(3);
        assertThat(deepest(new SearchTurns(pool(1), 2))).isEqualTo(1);
        assertThat(deepest(new SearchTurns(pool(0), 2))).isEqualTo(StoreDatabase.USUAL_CONNECTIONS / 2);
    }

    private static ConnectionPoolSettings pool(int connections) {
        return ConnectionPoolSettings.builder().maxSize(connections).build();
    }

    /** How many turns there are at once. */
    private static int deepest(SearchTurns turns) {
        try {
            return turns.when(PASSED, () -> 1 + byAnother(() -> deepest(turns)));
        } catch (Refusal full) {
            return 0;
        }
    }

    private static <T> T byAnother(Supplier<T> search) {
        return CompletableFuture.supplyAsync(search, task -> new Thread(task).start())
                .join();
    }
}
