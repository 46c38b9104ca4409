package miroir.storage;

import java.time.Instant;
import miroir.index.Refusal;

/**
 * Whose a mirrored resource is. Nobody else may write it: what they wrote would be lost with the owner's next change.
 *
 * @param source the synchronisation that brings it
 * @param up the owner's own instant of this content
 */
record Ownership(String source, Instant up) {

    /** Refuses to write over a resource that is somebody else's. */
    static void refuseMirrored(StoredVersion before) {
        if (before.isLive() && before.mirrored() != null) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    before.version().key() + " is a copy that the synchronisation "
                            + before.mirrored().source() + " keeps; it can be changed only where it comes from");
        }
    }
}
