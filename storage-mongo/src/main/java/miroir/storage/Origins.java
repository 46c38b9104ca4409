package miroir.storage;

import miroir.index.store.ResourceVersion.Origin;
import org.jspecify.annotations.Nullable;

/**
 * How versions came to be, as it is stored: not at all for the first version that was put and for updates, which are nearly
 * all of them; for what was posted and what was put again after a deletion, FHIR's word in {@code op}.
 */
final class Origins {
    private static final String POSTED = "POST";

    /** What was put where a deletion was. */
    static final String PUT = "PUT";

    private Origins() {}

    static Origin of(@Nullable String operation, long version) {
        if (POSTED.equals(operation)) {
            return Origin.CREATED;
        }
        return version == 1 || PUT.equals(operation) ? Origin.PUT_CREATED : Origin.UPDATED;
    }

    /** What is stored for this origin; null: nothing. */
    static @Nullable String operation(Origin origin, long version) {
        return switch (origin) {
            case CREATED -> POSTED;
            case PUT_CREATED -> version == 1 ? null : PUT;
            case UPDATED -> null;
            case NOT_TOLD -> throw new IllegalArgumentException("what a search found is no version to be stored");
        };
    }
}
