package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class OpenCommitsTest {
    private final OpenCommits open = new OpenCommits();

    @Test
    void begin_nothingBefore_isNow() {
        assertThat(open.begin(at(100), Instant.EPOCH)).isEqualTo(at(100));
    }

    @Test
    void begin_versionBeforeIsLater_isAfterIt() {
        assertThat(open.begin(at(100), at(250))).isEqualTo(at(251));
    }

    @Test
    void begin_afterAPromise_isAboveIt() {
        open.promise(at(100));

        assertThat(open.begin(at(90), Instant.EPOCH)).isEqualTo(at(101));
    }

    @Test
    void begin_othersWereToldWhileACommitWasOpen_isAboveThat() {
        open.begin(at(100), Instant.EPOCH);
        open.beginAbove(at(150));

        assertThat(open.begin(at(140), Instant.EPOCH)).isEqualTo(at(151));
        assertThat(open.promise(at(200))).isEqualTo(at(99));
    }

    @Test
    void promise_commitsOpen_staysBelowTheEarliest() {
        open.begin(at(100), Instant.EPOCH);
        open.begin(at(90), Instant.EPOCH);

        assertThat(open.promise(at(200))).isEqualTo(at(89));
    }

    @Test
    void promise_oneOfTwoAtTheSameInstantEnded_staysBelow() {
        open.begin(at(100), Instant.EPOCH);
        open.begin(at(100), Instant.EPOCH);
        open.end(at(100));

        assertThat(open.promise(at(200))).isEqualTo(at(99));
        open.end(at(100));
        assertThat(open.promise(at(200))).isEqualTo(at(200));
    }

    @Test
    void promise_lessThanBefore_holdsTheEarlierOne() {
        open.promise(at(200));

        assertThat(open.promise(at(100))).isEqualTo(at(200));
    }

    @Test
    void lose_untilItsLimitHasPassed_staysOpen() {
        open.begin(at(100), Instant.EPOCH);
        open.lose(at(100), at(500));

        open.endLost(at(500));
        assertThat(open.promise(at(600))).isEqualTo(at(99));
        open.endLost(at(501));
        assertThat(open.promise(at(600))).isEqualTo(at(600));
        assertThat(open.isEmpty()).isTrue();
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }
}
