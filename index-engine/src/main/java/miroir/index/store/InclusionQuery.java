package miroir.index.store;

import java.time.Instant;
import java.util.List;
import miroir.index.search.Inclusion;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the matches of a page.
 *
 * @param matches what is on the page, which is never included; what they refer to is said by their content, and not looked up
 * @param limit at most so many resources are included
 * @param asOf the settled instant as at which they are included; null: the newest
 */
public record InclusionQuery(
        List<ResourceVersion.Live> matches,
        List<Inclusion> inclusions,
        int limit,
        @Nullable Instant asOf,
        Deadline deadline) {
    public InclusionQuery {
        matches = List.copyOf(matches);
        inclusions = List.copyOf(inclusions);
    }
}
