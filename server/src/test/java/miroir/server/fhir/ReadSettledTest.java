package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.server.TestServer;
import miroir.server.pipeline.WorkingMemory;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With a store in memory, and a clock that goes on when it is told to. */
final class ReadSettledTest {
    private static final Instant BEGIN = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration MOMENT = Duration.ofMillis(900);
    private static final Duration MORE_THAN_A_MOMENT = Duration.ofMillis(1_100);
    private static final Set<String> TYPES = Set.of("Device");

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    private final Watched store = new Watched(now);
    private final ReadSettled readSettled =
            new ReadSettled(store, () -> Duration.between(BEGIN, now.get()).toNanos());
    private final WorkingMemory memory = WorkingMemory.ofThisHeap();

    /** As at which instants pages were read; null is the newest. */
    private final List<@Nullable Instant> read = new ArrayList<>();

    /** Counts how often the present is settled, and has something happen meanwhile. */
    private static final class Watched extends ForwardingStore {
        private int settled;
        private Runnable meanwhile = () -> {};

        Watched(AtomicReference<Instant> now) {
            super(TestServer.memory(now::get));
        }

        @Override
        public Instant settled(Caller caller, Duration patience, Deadline deadline) {
            settled++;
            Instant instant = super.settled(caller, patience, deadline);
            Runnable once = meanwhile;
            meanwhile = () -> {};
            once.run();
            return instant;
        }
    }

    /** A page that takes all the memory there is: no other one can be read while somebody holds it. */
    private record LargePage(WorkingMemory.Held held) implements ReadSettled.Holding {}

    @Test
    void following_whenNothingWasSettled_settles() {
        assertThat(follow()).isEqualTo(BEGIN);
        assertThat(store.settled).isEqualTo(1);
        assertThat(read).containsExactly((Instant) null);
    }

    @Test
    void following_aMomentLaterAndUnchanged_isOfTheSameInstant() {
        follow();
        passes(MOMENT);

        assertThat(readSettled.isToFollow()).isTrue();
        assertThat(follow()).isEqualTo(BEGIN);
        assertThat(store.settled).isEqualTo(1);
        assertThat(read).containsExactly(null, null);
    }

    @Test
    void following_longAfter_settlesThoughNothingChanged() {
        follow();
        passes(MORE_THAN_A_MOMENT);

        assertThat(readSettled.isToFollow()).isFalse();
        assertThat(follow()).isEqualTo(now.get());
        assertThat(store.settled).isEqualTo(2);
        assertThat(read).containsExactly(null, null);
    }

    /** That the page was given back before the next one was read: that takes all the memory. */
    @Test
    void following_afterAChange_givesThePageBackAndIsOfAnInstantAfterIt() {
        follow();
        change("a");

        assertThat(follow()).isEqualTo(now.get());
        assertThat(store.settled).isEqualTo(2);
        assertThat(read).containsExactly(null, null, null);
    }

    @Test
    void following_whatChangesWhileThePresentIsSettled_isReadAsItWasThen() {
        follow();
        change("a");
        Instant settled = now.get();
        store.meanwhile = () -> change("b");

        assertThat(follow()).isEqualTo(settled);
        assertThat(read).containsExactly(null, null, null, settled);
    }

    @Test
    void following_soonAfterAChange_readsNoPageForNothing() {
        follow();
        change("a");
        follow();
        read.clear();
        change("b");

        assertThat(readSettled.isToFollow()).isFalse();
        assertThat(follow()).isEqualTo(now.get());
        assertThat(store.settled).isEqualTo(3);
        assertThat(read).containsExactly((Instant) null);
    }

    @Test
    void following_aMomentAfterAChange_doesWithoutSettlingAgain() {
        follow();
        change("a");
        follow();
        passes(MORE_THAN_A_MOMENT);
        Instant settled = follow();
        passes(MOMENT);

        assertThat(follow()).isEqualTo(settled);
        assertThat(store.settled).isEqualTo(3);
    }

    @Test
    void present_toldLate_takesNothingBack() {
        store.meanwhile = () -> {
            passes(MOMENT);
            readSettled.present(Caller.everyone(), soon());
        };

        assertThat(readSettled.present(Caller.everyone(), soon())).isEqualTo(BEGIN);
        assertThat(follow()).isEqualTo(BEGIN.plus(MOMENT));
        assertThat(store.settled).isEqualTo(2);
    }

    @Test
    void first_ofOnePage_isOfNoInstant() {
        assertThat(first(false)).isNull();
        assertThat(store.settled).isZero();
    }

    @Test
    void first_longAfterAndUnchanged_isOfTheInstantThatIsKnown() {
        assertThat(first(true)).isEqualTo(BEGIN);
        passes(Duration.ofHours(1));

        assertThat(first(true)).isEqualTo(BEGIN);
        assertThat(store.settled).isEqualTo(1);
    }

    @Test
    void first_afterAChange_isReadAgainAsAtTheInstantAfterIt() {
        first(true);
        read.clear();
        change("a");

        assertThat(first(true)).isEqualTo(now.get());
        assertThat(read).containsExactly(null, now.get());
    }

    private @Nullable Instant follow() {
        return instant(readSettled.following(Caller.everyone(), TYPES, soon(), this::page));
    }

    private @Nullable Instant first(boolean hasInstant) {
        return instant(readSettled.first(Caller.everyone(), TYPES, soon(), page -> hasInstant, this::page));
    }

    /** As at when it is; it has been sent. */
    private static @Nullable Instant instant(ReadSettled.Settled<LargePage> page) {
        page.found().held().close();
        return page.asOf();
    }

    private LargePage page(@Nullable Instant asOf) {
        read.add(asOf);
        IntStream batches = IntStream.generate(() -> Integer.MAX_VALUE).limit(10_000);
        return new LargePage(memory.forPage("Device", batches, Deadline.in(Duration.ZERO)));
    }

    private void passes(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private void change(String id) {
        passes(Duration.ofMillis(1));
        RawBsonDocument device =
                RawBsonDocument.parse("{\"resourceType\":\"Device\",\"id\":\"" + id + "\",\"status\":\"active\"}");
        store.put(Caller.everyone(), new ResourceKey("Device", id), device, Precondition.none());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }
}
