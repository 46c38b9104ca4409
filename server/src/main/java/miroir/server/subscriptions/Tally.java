package miroir.server.subscriptions;

import org.jspecify.annotations.Nullable;

/**
 * What of a delivery was taken and what failed, and how long to wait for that. Where nothing at all is taken any more, or reading takes too
 * long, the pauses double.
 *
 * <p>Not for several threads.
 */
final class Tally {
    /** So many failures in a row, and nothing taken between them, mean that the receiver is away. */
    private static final int AWAY = 10;

    private static final int MOST_DOUBLINGS = 20;
    private static final long FIRST_PAUSE = 500;
    private static final long FIRST_READ_PAUSE = 1_000;

    private final long longestPause;
    private long taken;
    private long failed;
    private String lastError;
    private int failedInRow;
    private long pausedUntil;
    private int tooCostlyInRow;

    /** By the clock of the machine; 0: it can be read. */
    private long unreadSince;

    /**
     * Goes on counting.
     *
     * @param longestPause in milliseconds
     */
    Tally(Progress before, long longestPause) {
        this.longestPause = longestPause;
        this.taken = before.taken();
        this.failed = before.failed();
        this.lastError = before.lastError();
    }

    long taken() {
        return taken;
    }

    long failed() {
        return failed;
    }

    String lastError() {
        return lastError;
    }

    void tell(@Nullable String what) {
        lastError = String.valueOf(what);
    }

    void countTaken() {
        taken++;
        failedInRow = 0;
    }

    void countFailed(String why, long now) {
        failed++;
        failedInRow++;
        lastError = why;
        if (isAway()) {
            pausedUntil = now + pause(FIRST_PAUSE, failedInRow - AWAY);
        }
    }

    boolean isAway() {
        return failedInRow >= AWAY;
    }

    /** Where the receiver is away: until when nothing is sent, by {@link PlannedWake#now()}. */
    long pausedUntil() {
        return pausedUntil;
    }

    void canRead() {
        unreadSince = 0;
        tooCostlyInRow = 0;
    }

    /**
     * How long to wait now that it could not be read, in milliseconds. What the database cannot answer in time, it cannot the next time either, and it keeps others
     * waiting meanwhile; a database that is away may be back at any moment.
     */
    long cannotRead(boolean isTooCostly) {
        unreadSince = unreadSince == 0 ? System.currentTimeMillis() : unreadSince;
        tooCostlyInRow = isTooCostly ? tooCostlyInRow + 1 : 0;
        return pause(FIRST_READ_PAUSE, Math.max(0, tooCostlyInRow - 1));
    }

    /** Since when nothing can be read, by the clock of the machine; 0: it can. */
    long unreadSince() {
        return unreadSince;
    }

    private long pause(long first, int doublings) {
        return Math.min(first << Math.min(doublings, MOST_DOUBLINGS), longestPause);
    }
}
