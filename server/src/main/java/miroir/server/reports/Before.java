package miroir.server.reports;

import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * What was there before a version.
 *
 * @param content null: nothing was, or a deletion, or it is not known what
 * @param known whether that is known
 */
record Before(ResourceVersion.@Nullable Live content, boolean known) {

    static Before nothing() {
        return new Before(null, true);
    }

    /** There was something, and it is not kept, or not for who asks. */
    static Before notKept() {
        return new Before(null, false);
    }

    static Before of(ResourceVersion version) {
        return version instanceof ResourceVersion.Live live ? new Before(live, true) : nothing();
    }
}
