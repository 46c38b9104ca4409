package miroir.index.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old the copies of a type are.
 *
 * @param asOf by the source's clock: everything that it had then is here, or was; null: nothing of it was ever copied whole
 */
public record Copied(@Nullable Instant asOf) {
    /** The older of the two. */
    public Copied and(Copied other) {
        if (asOf == null || other.asOf == null) {
            return new Copied(null);
        }
        return asOf.isBefore(other.asOf) ? this : other;
    }
}
