package miroir.storage;

import miroir.index.store.Deadline;

/** What is left of a deadline, as the server takes it: in milliseconds, of which 0 would mean for ever. */
final class TimeLeft {
    private TimeLeft() {}

    static long millis(Deadline deadline) {
        return Math.max(1, deadline.remaining().toMillis());
    }
}
