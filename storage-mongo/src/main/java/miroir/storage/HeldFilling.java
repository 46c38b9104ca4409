package miroir.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import miroir.index.Refusal;

/** The right to fill a database, held for longer by who does something with it; whoever stood still for longer than that has lost it. */
final class HeldFilling {
    private final FillBoard board;
    private final long renew;
    private Instant until = Instant.EPOCH;
    private long renewed;

    HeldFilling(FillBoard board, Duration lease) {
        this.board = board;
        this.renew = lease.toNanos() / 3;
    }

    synchronized boolean take() {
        long sent = System.nanoTime();
        Optional<Instant> taken = board.take();
        taken.ifPresent(end -> {
            until = end;
            renewed = sent;
        });
        return taken.isPresent();
    }

    /** Of what the database refused since it came later than that, as behind an election; whether somebody else has taken the right meanwhile is known when it is renewed. */
    static Refusal late(Instant until) {
        return new Refusal(
                Refusal.Reason.NOT_READY,
                "it came to the database after " + until + ", until when it might: try again");
    }

    /** Until when something may be written, by the primary's clock. */
    synchronized Instant until() {
        long sent = System.nanoTime();
        if (sent - renewed > renew) {
            until = board.keep();
            renewed = sent;
        }
        return until;
    }
}
