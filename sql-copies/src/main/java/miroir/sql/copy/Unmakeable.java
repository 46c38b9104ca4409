package miroir.sql.copy;

import java.time.Instant;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;

/** A view cannot be made of a resource as it was; its next version may be another matter. */
public final class Unmakeable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ResourceKey key;
    private final Instant asAt;

    private Unmakeable(ResourceKey key, Instant asAt, String message) {
        super(message, null, false, false);
        this.key = key;
        this.asAt = asAt;
    }

    /** Of one version, with what its view says of it. */
    static Unmakeable of(ResourceVersion.Live resource, Refusal why) {
        String shown = resource.key().type() + "/" + resource.key().id();
        String message = String.valueOf(why.getMessage());
        return new Unmakeable(
                resource.key(), resource.from(), message.contains(shown) ? message : "of " + shown + ": " + message);
    }

    /** The same, where the resource did not come out better until an instant. */
    Unmakeable until(Instant instant) {
        return new Unmakeable(key, instant, String.valueOf(getMessage()));
    }

    ResourceKey key() {
        return key;
    }

    /** Only what the resource became after it can help. */
    Instant asAt() {
        return asAt;
    }
}
