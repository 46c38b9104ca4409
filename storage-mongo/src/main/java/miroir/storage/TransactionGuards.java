package miroir.storage;

import java.util.List;
import java.util.Objects;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** The guards of what a transaction deletes, from one attempt at it to the next. */
final class TransactionGuards {
    private final TakeGuard takeGuard;
    private final String holder = new ObjectId().toHexString();

    /** Those that no attempt has to give up; null: none. */
    private TakeGuard.@Nullable Guards waiting;

    TransactionGuards(TakeGuard takeGuard) {
        this.takeGuard = takeGuard;
    }

    /** Whether they could be had, or were there already. */
    boolean take(List<String> names) {
        if (waiting != null && !waiting.names().equals(names)) {
            giveUp();
        }
        waiting = takeGuard.all(names, holder).orElse(null);
        return waiting != null;
    }

    /** Given up with the end of this attempt, once that is known. */
    void areNeededUntil(OpenTransaction transaction) {
        TakeGuard.Guards needed = Objects.requireNonNull(waiting);
        waiting = null;
        transaction.whenOver(() -> takeGuard.giveUp(needed));
    }

    /** There is no attempt that needs them. */
    void giveUp() {
        if (waiting != null) {
            takeGuard.giveUp(waiting);
            waiting = null;
        }
    }
}
