package miroir.storage;

import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/** Holds a precondition against what is there. */
final class CheckPrecondition {
    private CheckPrecondition() {}

    /**
     * Refuses where it does not hold.
     *
     * @param before the current version; null where there never was one
     */
    static void of(Precondition precondition, ResourceKey key, @Nullable StoredVersion before) {
        if (precondition instanceof Precondition.VersionIs expected) {
            requireAmong(expected, key, before);
        }
        if (precondition instanceof Precondition.Present && (before == null || !before.isLive())) {
            throw refusal(key + " does not exist");
        }
        if (precondition instanceof Precondition.Absent && before != null && before.isLive()) {
            throw refusal(
                    key + " exists already, with version " + before.version().version());
        }
    }

    /**
     * A deletion is no representation (RFC 9110, 13.1.1), and yet its ETag is given out so that who brings a resource back to life
     * can say what they know of it (R4, http.html).
     */
    private static void requireAmong(Precondition.VersionIs expected, ResourceKey key, @Nullable StoredVersion before) {
        if (before == null) {
            throw refusal(key + " does not exist, so no version of it is " + expected);
        }
        long version = before.version().version();
        if (!expected.versions().contains(version)) {
            throw refusal(
                    key + " has version " + version + (before.isLive() ? "" : ", a deletion") + ", not " + expected);
        }
    }

    private static Refusal refusal(String message) {
        return new Refusal(Refusal.Reason.PRECONDITION_FAILED, message);
    }
}
