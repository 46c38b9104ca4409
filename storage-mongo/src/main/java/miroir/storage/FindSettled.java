package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Finds the instant up to which everything is settled. One look at the board costs a write with a majority; those who ask
 * at the same time share it. Asking again is worth while only where another process has commits open, and it raises its
 * floor every few milliseconds. Whoever wrote through this store finds what he wrote.
 */
final class FindSettled {
    private static final long BETWEEN_LOOKS = Duration.ofMillis(5).toNanos();

    private final Floors floors;
    private final String process;
    private final OpenCommits open;
    private final ReentrantLock looking = new ReentrantLock();

    /** Counted before it begins, so that whoever waited can tell whether it began after he came. */
    private final AtomicLong begunLooks = new AtomicLong();

    /** What is below is guarded by {@link #looking}. */
    private @Nullable Look last;

    private final SharedFailure failure = new SharedFailure();
    private Instant settled = Instant.EPOCH;

    /** An answer, with the moment that it was asked at. */
    private record Look(long number, Instant now, Instant settled) {}

    FindSettled(Floors floors, String process, OpenCommits open) {
        this.floors = floors;
        this.process = process;
        this.open = open;
    }

    Instant run(Duration patience, Deadline deadline) {
        Deadline waitsUntil = Deadline.in(patience);
        Look look = look(begunLooks.get(), deadline);
        Instant written = open.newest();
        Instant wanted = look.now().isBefore(written) ? written : look.now();
        while (look.settled().isBefore(wanted) && !waitsUntil.remaining().isNegative()) {
            LockSupport.parkNanos(BETWEEN_LOOKS);
            look = look(begunLooks.get(), deadline);
        }
        return look.settled();
    }

    /** A look that began after so many had begun. */
    private Look look(long begun, Deadline deadline) {
        long failures = failure.count();
        if (!isMyTurn(deadline)) {
            throw Refusing.tooCostly("finding what is settled");
        }
        try {
            Look shared = last;
            if (shared != null && shared.number() > begun) {
                return shared;
            }
            failure.throwIfSince(failures);
            long number = begunLooks.incrementAndGet();
            Look look = look(number, board(deadline));
            last = look;
            return look;
        } finally {
            looking.unlock();
        }
    }

    private boolean isMyTurn(Deadline deadline) {
        try {
            return looking.tryLock(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
        }
    }

    /** A failure is the failure of all who wait; that there was no time for it is only ours. */
    private FloorBoard board(Deadline deadline) {
        try {
            return floors.look(deadline);
        } catch (MongoException e) {
            if (!Refusing.isOverTime(e)) {
                failure.set(e);
            }
            throw e;
        }
    }

    private Look look(long number, FloorBoard board) {
        Instant others = board.settledByOthers(process);
        Instant ours = open.promise(others);
        Instant found = ours.isBefore(others) ? ours : others;
        settled = found.isBefore(settled) ? settled : found;
        return new Look(number, board.now(), settled);
    }
}
