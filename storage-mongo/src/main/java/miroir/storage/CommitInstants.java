package miroir.storage;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives writes the instant of their commit. */
interface CommitInstants {
    /**
     * Commits one version or several with one instant. The function may return null where it wrote nothing.
     *
     * @param previous the newest instant among the versions that are replaced
     */
    <T> @Nullable T at(Instant previous, Function<CommitInstant, @Nullable T> write);
}
