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
    private final Deque<Runnable> waitingSlow = new ArrayDeque<>();
    private final List<Outcome> told = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final Fragments fragments = new Fragments()
            .with("slow", AdministratorRole.VIEWER, this::slow, "", "")
            .with("quick", AdministratorRole.VIEWER, reads::incrementAndGet, "", "")
            .with("away", AdministratorRole.VIEWER, ReadPartsTest::away, "", "")
            .with("defect", AdministratorRole.VIEWER, ReadPartsTest::defect, "", "")
            .with("hangs", AdministratorRole.VIEWER, this::hangs, "", "");
    private final ReadParts parts = new ReadParts(fragments, told::add, waiting::add, waitingSlow::add, clock::get);

    private int slow() {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        return reads.incrementAndGet();
    }

    private static Object away() {
        throw new Refusal(Refusal.Reason.NOT_READY, "away");
    }

    private static Object defect() {
        throw new StackOverflowError("of a test");
    }

    /** Whether it was late while it was read for a while, and for long. */
    private List<Boolean> hangs() {
        List<Boolean> late = new ArrayList<>();
        for (int seconds : new int[] {9, 2}) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
            late.add(parts.isLate("hangs"));
        }
        return late;
    }

    private void readAll() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
        while (!waitingSlow.isEmpty()) {
            waitingSlow.remove().run();
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
        clock.addAndGet(TimeUnit.SECONDS.toNanos(8) - 1);
        // Also where nobody looked meanwhile.
        parts.read(Set.of());
        parts.read(SLOW);
        assertThat(waitingSlow).isEmpty();
        clock.addAndGet(1);
        parts.read(SLOW);
        assertThat(waitingSlow).hasSize(1);
    }

    /** However many are slow, what is quick is read beside them. */
    @Test
    void read_ofOneThatTookLong_isByOthers() {
        parts.read(Set.of("slow", "quick"));
        readAll();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(8));
        parts.read(Set.of("slow", "quick"));

        assertThat(waiting).hasSize(1);
        assertThat(waitingSlow).hasSize(1);
    }

    /** Who comes back from what he has done sees it, also where it was being read when he came. */
    @Test
    void readAnew_ofOneThatIsQuick_doesNotWait_andIsReadAfterHeCame() {
        parts.read(Set.of("quick"));
        Runnable first = waiting.remove();
        long came = clock.addAndGet(1);
        parts.readAnew(Set.of("quick"));
        parts.readAnew(Set.of("quick"));
        assertThat(waiting).isEmpty();
        first.run();
        readAll();

        assertThat(told).hasSize(2);
        assertThat(told.get(1).begun()).isGreaterThanOrEqualTo(came);
        parts.readAnew(Set.of("quick"));
        assertThat(waiting).hasSize(1);
    }

    /** However often somebody comes. */
    @Test
    void readAnew_ofOneThatTookLong_waitsForAsLong() {
        parts.read(SLOW);
        parts.readAnew(SLOW);
        readAll();
        parts.readAnew(SLOW);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2) - 1);
        parts.readAwaited();
        assertThat(waitingSlow).isEmpty();
        clock.addAndGet(1);
        parts.readAwaited();
        parts.readAwaited();
        assertThat(waitingSlow).hasSize(1);
        readAll();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        parts.readAwaited();
        assertThat(waitingSlow).isEmpty();
    }

    /** So that the clock that has them read may stand still where nobody looks, and nobody begins again before a rest is over. */
    @Test
    void isEmpty_whenNobodyLooks_andAllHaveRested() {
        assertThat(parts.isEmpty()).isTrue();
        parts.read(SLOW);
        parts.read(Set.of());
        assertThat(parts.isEmpty()).as("being read").isFalse();
        readAll();
        parts.read(Set.of());
        assertThat(parts.isEmpty()).as("resting").isFalse();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(8));
        parts.read(Set.of());
        assertThat(parts.isEmpty()).isTrue();
    }

    /** What is no exception, but a defect, neither. */
    @Test
    void read_ofADefect_isToldAsAway_andReadAgain() {
        for (int i = 0; i < 2; i++) {
            parts.read(Set.of("defect"));
            readAll();
        }

        assertThat(told).hasSize(2).allMatch(Outcome::isAway);
    }

    @Test
    void read_ofWhatCannotBeRead_isToldAsAway() {
        parts.read(Set.of("away"));
        readAll();

        assertThat(told).singleElement().matches(Outcome::isAway);
    }

    @Test
    void isLate_whileItIsReadForLong() {
        parts.read(Set.of("hangs"));
        clock.addAndGet(TimeUnit.SECONDS.toNanos(29));
        assertThat(parts.isLate("hangs")).isFalse();
        readAll();
        assertThat(told).singleElement().extracting(Outcome::present).isEqualTo(List.of(false, true));
        assertThat(parts.isLate("hangs")).isFalse();
        assertThat(parts.isLate("quick")).isFalse();
    }

    @Test
    void isLate_whereItsTurnDoesNotCome() {
        parts.read(Set.of("hangs"));
        clock.addAndGet(TimeUnit.SECONDS.toNanos(31));
        assertThat(parts.isLate("hangs")).isTrue();
    }
}
