package miroir.sync.bundle;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a Bundle, as it came.
 *
 * @param type the resource's type
 * @param id the resource's id
 * @param updated its {@code meta.lastUpdated}
 * @param mode {@code search.mode}
 * @param json the resource's bytes; null where the entry has none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares entries
public record RawEntry(
        @Nullable String type,
        @Nullable String id,
        @Nullable String updated,
        @Nullable String mode,
        byte @Nullable [] json) {
    /** What stands in a list of entries and is no object. */
    static final RawEntry NONE = new RawEntry(null, null, null, null, null);
}
