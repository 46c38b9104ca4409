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
     * @param struggles whether it might do better with less to do
     */
    record Again(String reason, @Nullable Duration after, boolean struggles) implements Answer {}

    /** Do not ask again. */
    record Failed(UpstreamFailed.Kind kind, String reason) implements Answer {}
}
