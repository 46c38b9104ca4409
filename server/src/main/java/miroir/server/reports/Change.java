package miroir.server.reports;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * What a version changed. It holds no resource, so that many can be kept while they are sent.
 *
 * @param about by what people know the resource, now or at last
 * @param person of a role, a reference to whose it is
 * @param before addresses, references and mailboxes that were left behind
 * @param after those that are new
 * @param deletion whether it is one
 */
record Change(
        ResourceKey key,
        long version,
        Instant at,
        Set<ChangeKind> kinds,
        Known about,
        @Nullable String person,
        List<String> before,
        List<String> after,
        boolean deletion) {
    Change {
        kinds = Collections.unmodifiableSet(EnumSet.copyOf(kinds));
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
