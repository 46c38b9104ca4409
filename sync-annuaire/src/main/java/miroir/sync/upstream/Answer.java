package miroir.sync.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an answer means for who asked. */
sealed interface Answer {

    /** What was asked for. */
    record Whole(Page page) implements Answer {}

    /**
     * Ask again.
     *
     * @param after when, if the upstream says so
     * @param struggles whether it might do better with less to do; if not, all calls wait
     * @param unreadable whether it answered, and with nothing that can be used
     * @param status of what it answered; 0: it did not
     */
    record Again(String reason, @Nullable Duration after, boolean struggles, boolean unreadable, int status)
            implements Answer {

        /** It did not answer, or said no. */
        Again(String reason, @Nullable Duration after, boolean struggles, int status) {
            this(reason, after, struggles, false, status);
        }
    }

    /**
     * Do not ask again.
     *
     * @param status of what it answered; 0: it did not
     */
    record Failed(UpstreamFailed.Kind kind, String reason, int status) implements Answer {}
}
