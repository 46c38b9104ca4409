package miroir.server.subscriptions;

import java.util.Locale;
import miroir.storage.Committed;

/** A change that a subscriber is told. */
record Told(Committed committed, Kind kind) {

    /** What it means for the result of the criteria. */
    enum Kind {
        /** It meets them, and did not before. */
        ENTER,
        /** It meets them, and did before. */
        UPDATE,
        /** It does not meet them any more. */
        LEAVE,
        /** It met them, and was deleted. */
        DELETE;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether there is something to be sent. */
        boolean hasContent() {
            return this == ENTER || this == UPDATE;
        }
    }
}
