package miroir.validation;

import java.util.HashMap;
import java.util.Map;
import miroir.index.Refusal;

/** What stored definitions may take, and what has taken how much of it: who reads the same at the same time takes it once. Thread-safe. */
final class Room {
    private final int most;
    private final Map<String, Long> taken = new HashMap<>();
    private long sum;
    private volatile boolean isFull;

    /**
     * Nothing is taken yet.
     *
     * @param most how many bytes there are
     */
    Room(int most) {
        this.most = most;
    }

    /** Whether something had none. */
    boolean isFull() {
        return isFull;
    }

    /** This many bytes in all for that; refused where there are not so many. */
    synchronized void take(String name, long size) {
        if (size > most) {
            throw unusable("it counts as " + size + " bytes, and at most " + most
                    + " are used (validation.stored in server.yaml)");
        }
        long more = Math.max(0, size - taken.getOrDefault(name, 0L));
        if (sum + more > most) {
            isFull = true;
            throw unusable("with the others that are needed it counts as more than " + most
                    + " bytes (validation.stored in server.yaml)");
        }
        taken.merge(name, more, Long::sum);
        sum += more;
    }

    private static Refusal unusable(String why) {
        return new Refusal(Refusal.Reason.UNPROCESSABLE, why);
    }
}
