package miroir.storage;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonValue;

/** Takes the right to fill a database. Who died is waited for until his time is over; who says again that he is there is alive. */
final class TakeFilling {
    static final Duration LEASE = Duration.ofSeconds(30);

    /** For how long who is in the way may have died, and a little more. */
    private static final Duration PATIENCE = LEASE.plusSeconds(5);

    private final String name;
    private final FillBoard board;
    private final HeldFilling held;
    private final FillDatabase.Watch watch;

    TakeFilling(String name, FillBoard board, HeldFilling held, FillDatabase.Watch watch) {
        this.name = name;
        this.board = board;
        this.held = held;
        this.watch = watch;
    }

    void run() {
        Map<String, BsonValue> first = board.inTheWay();
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean isSaid = false;
        while (!held.take()) {
            boolean isAlive = !first.entrySet().containsAll(board.inTheWay().entrySet());
            if (isAlive || System.nanoTime() > end) {
                throw new ConfigurationRefused(
                        "the database " + name,
                        "is in use, by a server, a daemon or another import: nobody may search or change it while it is filled;"
                                + " stop them, and try again");
            }
            if (!isSaid) {
                watch.say("somebody used it a moment ago: waiting up to " + PATIENCE.toSeconds()
                        + " seconds to see whether he is still there");
                isSaid = true;
            }
            pause(watch);
        }
    }

    /** For a moment; not where it is to stop. */
    static void pause(FillDatabase.Watch watch) {
        watch.requireGoing();
        try {
            TimeUnit.MILLISECONDS.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "interrupted");
        }
    }
}
