package miroir.index.store;

import java.util.Collection;
import java.util.List;
import miroir.index.search.Inclusion;

/**
 * What belongs to the matches of a page.
 *
 * @param matches what is on the page, which is never included
 * @param limit at most so many resources are included
 */
public record InclusionQuery(
        Collection<ResourceKey> matches, List<Inclusion> inclusions, int limit, Deadline deadline) {
    public InclusionQuery {
        matches = List.copyOf(matches);
        inclusions = List.copyOf(inclusions);
    }
}
