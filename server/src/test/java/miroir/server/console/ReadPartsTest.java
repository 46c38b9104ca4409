package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;
import miroir.server.console.ReadParts.Outcome;
import org.junit.jupiter.api.Test;

final class ReadPartsTest {
    private static final Set<String> SLOW = Set.of("slow");

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final List<Outcome> told = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final Fragments fragments = new Fragments()
            .with("slow", AdministratorRole.VIEWER, none -> slow(), "", "")
            .with("quick", AdministratorRole.VIEWER, none -> reads.incrementAndGet(), "", "")
            .with("away", AdministratorRole.VIEWER, none -> away(), "", "");
    private final ReadParts parts = new ReadParts(fragments, told::add, waiting::add, clock::get);

    private int slow() {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        return reads.incrementAndGet();
    }

    private static Object away() {
        throw new Refusal(Refusal.Reason.NOT_READY, "away");
    }

    private void readAll() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    @Test
    void read_ofOneThatIsBeingRead_isNotAskedTwice_andHoldsUpNoOther() {
        parts.read(SLOW);
        parts.read(Set.of("slow", "quick"));

        assertThat(waiting).hasSize(2);
        assertThat(told).isEmpty();
    }

    @Test
    void read_afterAReading_restsForFourTimesAsLong() {
        parts.read(SLOW);
        readAll();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(4) - 1);
        parts.read(SLOW);
        assertThat(waiting).isEmpty();
        clock.addAndGet(1);
        parts.read(SLOW);
        assertThat(waiting).hasSize(1);
    }

    /** Who comes back from what he has done sees it, however long it takes to read. */
    @Test
    void readAnew_doesNotWait_andIsReadAfterHeCame() {
        parts.read(SLOW);
        Runnable first = waiting.remove();
        long came = clock.addAndGet(1);
        parts.readAnew(SLOW);
        parts.readAnew(SLOW);
        assertThat(waiting).isEmpty();
        first.run();
        readAll();

        assertThat(told).hasSize(2);
        assertThat(told.get(1).begun()).isGreaterThanOrEqualTo(came);
        parts.readAnew(SLOW);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void read_ofWhatCannotBeRead_isToldAsAway() {
        parts.read(Set.of("away"));
        readAll();

        assertThat(told).singleElement().matches(Outcome::isAway);
    }

    @Test
    void isLate_whileItIsReadForLong() {
        parts.read(SLOW);
        assertThat(parts.isLate("slow")).isFalse();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(parts.isLate("slow")).isTrue();
        readAll();
        assertThat(parts.isLate("slow")).isFalse();
        assertThat(parts.isLate("quick")).isFalse();
    }
}
