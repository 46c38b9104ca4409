package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import miroir.index.Refusal;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import org.junit.jupiter.api.Test;

/** The floor of one process with a clock that stands where we put it; nothing runs by itself. */
final class HeldFloorTest {
    private static final Deadline LATE = Deadline.in(Duration.ofMinutes(5));
    private static final FloorTerms TERMS = new FloorTerms(
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            Duration.ofMillis(50),
            Duration.ofMillis(5),
            Duration.ofMillis(20));

    private Instant now = Instant.ofEpochMilli(1_000);
    private final MapFloors floors = new MapFloors(() -> now);
    private final OpenCommits open = new OpenCommits();
    private final OpenNumbers numbers = Numbers.open();
    private final HeldFloor floor = new HeldFloor(floors, () -> now, TERMS, open, numbers);
    private final FindSettled settled = new FindSettled(floors, "reader", new OpenCommits());

    @Test
    void begin_noRow_takesOneAndStaysAboveTheBoard() {
        CommitInstant commit = floor.begin(Instant.EPOCH);

        assertThat(floors.rows).hasSize(1);
        assertThat(commit.from()).isEqualTo(at(1_001));
        assertThat(commit.before()).isEqualTo(at(1_100));
    }

    @Test
    void begin_boardIsAheadOfOurClock_staysAboveTheBoard() {
        now = at(5_000);
        Instant answered = settled.run(Duration.ZERO, LATE);
        now = at(2_000);

        assertThat(answered).isEqualTo(at(5_000));
        assertThat(floor.begin(Instant.EPOCH).from()).isEqualTo(at(5_001));
    }

    @Test
    void tick_commitOpen_settlesNothingFromItOn() {
        CommitInstant commit = floor.begin(Instant.EPOCH);
        now = at(1_040);
        floor.tick();

        assertThat(settled.run(Duration.ZERO, LATE)).isEqualTo(commit.from().minusMillis(1));
        open.end(commit.from());
        floor.tick();
        assertThat(settled.run(Duration.ZERO, LATE)).isEqualTo(at(1_040));
    }

    @Test
    void tick_idleForLong_givesUpAndTakesAnotherRowLater() {
        open.end(floor.begin(Instant.EPOCH).from());
        String first = floors.rows.keySet().iterator().next();
        now = at(1_021);
        floor.tick();

        assertThat(floors.rows).isEmpty();
        floor.begin(Instant.EPOCH);
        assertThat(floors.rows).hasSize(1).doesNotContainKey(first);
    }

    @Test
    void tick_commitOpenForLong_renewsTheRow() {
        floor.begin(Instant.EPOCH);
        for (int millis = 1_010; millis < 3_000; millis += 10) {
            now = at(millis);
            floor.tick();
        }

        assertThat(settled.run(Duration.ZERO, LATE)).isEqualTo(at(1_000));
    }

    @Test
    void begin_stoodStillBeyondTheLease_isAboveWhatOthersWereTold() {
        CommitInstant before = floor.begin(Instant.EPOCH);
        now = at(1_301);
        Instant answered = settled.run(Duration.ZERO, LATE);

        assertThat(answered).isEqualTo(now);
        assertThat(before.before().plus(TERMS.margin())).isBefore(now);
        floor.tick();
        assertThat(floor.begin(Instant.EPOCH).from()).isAfter(answered);
    }

    @Test
    void begin_leaseTooShortForAWrite_takesANewRowAndDropsTheOld() {
        open.end(floor.begin(Instant.EPOCH).from());
        String first = floors.rows.keySet().iterator().next();
        now = at(1_160);
        floor.begin(Instant.EPOCH);

        assertThat(floors.rows).hasSize(1).doesNotContainKey(first);
    }

    @Test
    void tick_commitLost_isHeldBackUntilItCannotBeAppliedAnyMore() {
        CommitInstant commit = floor.begin(Instant.EPOCH);
        open.lose(commit.from(), commit.before());
        now = at(1_150);
        floor.tick();
        assertThat(settled.run(Duration.ZERO, LATE)).isBefore(commit.from());

        now = at(1_201);
        floor.tick();
        floor.tick();
        assertThat(settled.run(Duration.ZERO, LATE)).isEqualTo(now);
    }

    @Test
    void close_commitOpenWithAnEarlierNumber_waitsForItsEnd() {
        CommitInstant commit = floor.begin(Instant.EPOCH);
        numbers.writeWith(Numbers.documents(new ContractFields(), 2));
        now = at(1_010);
        floor.tick();
        assertThat(floors.close(2)).isFalse();

        open.end(commit.from());
        numbers.end(commit.use());
        now = at(1_020);
        floor.tick();
        assertThat(floors.close(2)).isTrue();
    }

    @Test
    void close_commitStandsStillBeyondItsLimit_doesNotWaitForIt() {
        floor.begin(Instant.EPOCH);
        numbers.writeWith(Numbers.documents(new ContractFields(), 2));
        now = at(1_150);
        floor.tick();
        assertThat(floors.close(2)).isFalse();

        now = at(1_151);
        floor.tick();
        assertThat(floors.close(2)).isTrue();
    }

    @Test
    void begin_closedForWhatIsKnown_learnsTheNewNumberFirst() {
        floors.close(2);
        numbers.learnFrom(closed -> numbers.writeWith(Numbers.documents(new ContractFields(), closed)));

        CommitInstant commit = floor.begin(Instant.EPOCH);

        assertThat(commit.documents().number()).isEqualTo(2);
        assertThat(floors.rows.values())
                .extracting(row -> row.promise().number())
                .containsExactly(2L);
    }

    @Test
    void begin_closedAndNothingLearnt_isRefusedAndPromisesNothing() {
        floors.close(2);

        assertThatThrownBy(() -> floor.begin(Instant.EPOCH)).isInstanceOf(Refusal.class);
        assertThat(floors.rows).isEmpty();
        assertThat(open.isEmpty()).isTrue();
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }
}
