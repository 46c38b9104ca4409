package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import miroir.index.store.HistoryPosition;
import miroir.index.store.ResourceKey;
import miroir.server.subscriptions.Told.Kind;
import miroir.storage.Committed;
import org.junit.jupiter.api.Test;

final class BacklogTest {
    private static final HistoryPosition START = new HistoryPosition(Instant.EPOCH, "", "");

    private final Backlog backlog = new Backlog(START, 1_000);

    private static Told told(int millis, String id, long version) {
        return new Told(
                new Committed(new ResourceKey("Organization", id), version, Instant.ofEpochMilli(millis), true),
                Kind.UPDATE);
    }

    private static HistoryPosition behind(int millis) {
        return new HistoryPosition(Instant.ofEpochMilli(millis), "", "");
    }

    private static List<String> names(List<Backlog.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.told().committed().key().id()
                        + entry.told().committed().version())
                .toList();
    }

    @Test
    void due_isTheOldestOfEachResource_andTheNextOnceThatIsTaken() {
        backlog.add(List.of(told(1, "a", 1), told(2, "b", 1), told(3, "a", 2), told(4, "c", 1)), behind(9));

        List<Backlog.Entry> due = backlog.due(0, 2);
        assertThat(names(due)).containsExactly("a1", "b1");
        assertThat(names(backlog.due(0, 9))).containsExactly("c1");
        assertThat(backlog.due(0, 9)).isEmpty();
        backlog.taken(due.get(0));
        assertThat(names(backlog.due(0, 9))).containsExactly("a2");
    }

    @Test
    void done_isBehindTheLastOfWhichAllBeforeWereTaken() {
        backlog.add(List.of(told(1, "a", 1), told(2, "b", 1), told(3, "c", 1)), behind(9));
        List<Backlog.Entry> due = backlog.due(0, 9);

        backlog.taken(due.get(1));
        assertThat(backlog.done()).isEqualTo(START);
        backlog.taken(due.get(0));
        assertThat(backlog.done()).isEqualTo(due.get(1).told().committed().position());
        backlog.taken(due.get(2));
        assertThat(backlog.done()).isEqualTo(behind(9));
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void nothingToTell_isDoneAtOnce() {
        backlog.add(List.of(), behind(5));

        assertThat(backlog.done()).isEqualTo(behind(5));
        assertThat(backlog.read()).isEqualTo(behind(5));
    }

    @Test
    void failure_isDueAgainAfterAPauseThatDoubles_upToTheLongest() {
        backlog.add(List.of(told(1, "a", 1), told(2, "b", 1)), behind(9));
        long now = 10_000;
        for (long pause : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
            Backlog.Entry entry = backlog.due(now, 1).get(0);
            backlog.failed(entry, now, now + 77);
            assertThat(names(backlog.due(now + pause - 1, 9))).doesNotContain("a1");
            assertThat(backlog.failingSince()).isEqualTo(10_077);
            now += pause;
        }
        assertThat(backlog.inFlight()).isEqualTo(1);
        assertThat(names(backlog.due(now, 9))).containsExactly("a1");
    }
}
