package miroir.server.export;

import miroir.index.Refusal;

/**
 * How wide the stretches of positions are that the database is asked about at once. One that took too long is halved, by its positions and not by what is there: where nothing lives, what it costs
 * is in history. After one that did not, the next one may be wider again.
 */
final class Strides {
    private static final long NARROWEST = 100;

    private final long widest;
    private long width;

    Strides(long widest) {
        this.widest = widest;
        this.width = widest;
    }

    /** Where the next one ends. */
    long end(long after, long upTo) {
        return upTo - after > width ? after + width : upTo;
    }

    /** One was not too wide. */
    void done() {
        width = width > widest / 2 ? widest : 2 * width;
    }

    /** One was too wide, if that is why it was refused; otherwise, and where it cannot be narrower, it is refused. */
    void halve(long after, long end, Refusal refused) {
        if (refused.reason() != Refusal.Reason.TOO_COSTLY || end - after <= NARROWEST) {
            throw refused;
        }
        width = (end - after) / 2;
    }
}
