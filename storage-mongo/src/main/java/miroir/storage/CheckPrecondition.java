package miroir.storage;

import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;

/** Holds a precondition against what is there. */
final class CheckPrecondition {
    private CheckPrecondition() {}

    static void of(Precondition precondition, ResourceKey key, Optional<StoredVersion> before) {
        if (precondition instanceof Precondition.VersionIs expected) {
            // A deletion is no representation (RFC 9110, 13.1.1), and yet its ETag is given out so that who brings a
            // resource
            // back to life can say what they know of it (R4, http.html).
            long version = before.map(stored -> stored.version().version()).orElse(0L);
            if (before.isEmpty() || !expected.versions().contains(version)) {
                throw refusal(
                        before.isEmpty()
                                ? key + " does not exist, so no version of it is " + expected
                                : key + " has version " + version
                                        + (before.get().isLive() ? "" : ", a deletion") + ", not " + expected);
            }
        }
        if (precondition instanceof Precondition.Present
                && before.filter(StoredVersion::isLive).isEmpty()) {
            throw refusal(key + " does not exist");
        }
        if (precondition instanceof Precondition.Absent) {
            before.filter(StoredVersion::isLive).ifPresent(live -> {
                throw refusal(
                        key + " exists already, with version " + live.version().version());
            });
        }
    }

    private static Refusal refusal(String message) {
        return new Refusal(Refusal.Reason.PRECONDITION_FAILED, message);
    }
}
