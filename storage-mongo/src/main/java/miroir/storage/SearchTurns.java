package miroir.storage;

import com.mongodb.connection.ConnectionPoolSettings;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;

/**
 * Lets half as many searches, counts and histories be with the database at once as there are connections.
 *
 * <p>The problem: a search that no index helps takes until its deadline, and has a connection for as long. With as many of
 * them as connections nobody reads or writes, whoever sent them.
 *
 * <p>The approach: they queue for turns, in the order in which they came, each until its own deadline. The other half of the
 * connections is for what takes milliseconds. Half is still many times what a database can work on at the same time, so
 * nothing is slower for the queue. A larger pool, {@code maxPoolSize} in the address, gives more of both. Whoever has a turn
 * needs no other one for what belongs to it: a page and its total are one turn.
 *
 * <p>Conditional writes and bundles look things up while they hold memory for their bodies, and searches wait for memory while
 * they have a turn. So the former have turns of their own: nobody with one of those waits for memory. An eighth of the connections is
 * for look-ups of writes, and another one for searches in bundles, which may be slow and which readers may send.
 *
 * <p>Two pools would do the same, and keep twice the connections for when they are needed. Refusing at once instead of
 * queuing would turn each short burst into refusals.
 */
final class SearchTurns {
    /** Whether this thread has a turn, of whatever kind. */
    private static final ThreadLocal<Boolean> HAVING = ThreadLocal.withInitial(() -> false);

    private final Semaphore turns;
    private final int all;

    /** One of so many parts of a pool. */
    SearchTurns(ConnectionPoolSettings pool, int parts) {
        this(part(pool.getMaxSize(), parts));
    }

    SearchTurns(int turns) {
        this.all = turns;
        this.turns = new Semaphore(turns, true);
    }

    /** Of a pool that has no bound, as many as of the driver's usual one. */
    static int part(int connections, int parts) {
        return Math.max(1, (connections == 0 ? StoreDatabase.USUAL_CONNECTIONS : connections) / parts);
    }

    /** Searches when it is its turn. */
    <T> T when(Deadline deadline, Supplier<T> search) {
        if (HAVING.get()) {
            return search.get();
        }
        take(deadline);
        HAVING.set(true);
        try {
            return search.get();
        } finally {
            HAVING.remove();
            turns.release();
        }
    }

    private void take(Deadline deadline) {
        try {
            if (turns.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
        }
        throw new Refusal(
                Refusal.Reason.NOT_READY,
                all
                        + " other searches were being worked on until there was no time left for this one: try again later");
    }
}
