package miroir.storage;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;

/** As if its process were killed before a command: that one and all after it are not sent. */
final class KilledBefore implements CommandListener {
    private int left = Integer.MAX_VALUE;

    /** No exception, which somebody might handle. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Counts from now on, beginning with 1. */
    synchronized void before(int command) {
        left = command;
    }

    @Override
    public synchronized void commandStarted(CommandStartedEvent event) {
        if (left < Integer.MAX_VALUE && --left <= 0) {
            throw new Killed();
        }
    }
}
