package miroir.index.store;

import java.time.Instant;

/**
 * What was read from the newest state.
 *
 * @param unchanged tells as at which instants it would have been the same
 */
public record Newest<T>(T found, Unchanged unchanged) {

    /** Whether no version of what was read from began after a settled instant, before it was read. */
    public interface Unchanged {
        /** True where it is known to be so. */
        boolean isSince(Instant settled, Deadline deadline);
    }
}
