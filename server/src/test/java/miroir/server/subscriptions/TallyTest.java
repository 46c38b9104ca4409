package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TallyTest {
    private static final long LONGEST = 3_000;

    private final Tally tally = new Tally(Progress.none(), LONGEST);

    @Test
    void tenFailuresInARow_meanThatTheReceiverIsAway_forPausesThatDouble() {
        for (int i = 0; i < 9; i++) {
            tally.countFailed("no", 100);
        }
        assertThat(tally.isAway()).isFalse();

        for (long pause : new long[] {500, 1_000, 2_000, LONGEST, LONGEST}) {
            tally.countFailed("no", 100);
            assertThat(tally.isAway()).isTrue();
            assertThat(tally.pausedUntil()).isEqualTo(100 + pause);
        }

        tally.countTaken();
        assertThat(tally.isAway()).isFalse();
        assertThat(tally.failed()).isEqualTo(14);
        assertThat(tally.taken()).isEqualTo(1);
        assertThat(tally.lastError()).isEqualTo("no");
    }

    @Test
    void whatTakesTooLongToRead_isReadLaterAndLater() {
        assertThat(tally.cannotRead(true)).isEqualTo(1_000);
        assertThat(tally.cannotRead(true)).isEqualTo(2_000);
        assertThat(tally.cannotRead(true)).isEqualTo(LONGEST);

        tally.canRead();
        assertThat(tally.unreadSince()).isZero();
        assertThat(tally.cannotRead(true)).isEqualTo(1_000);
    }

    @Test
    void aDatabaseThatIsAway_isAskedEverySecond() {
        for (int i = 0; i < 5; i++) {
            assertThat(tally.cannotRead(false)).isEqualTo(1_000);
        }
        assertThat(tally.unreadSince()).isPositive();
    }
}
