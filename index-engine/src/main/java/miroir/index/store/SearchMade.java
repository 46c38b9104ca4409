package miroir.index.store;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameterRegistry;

/**
 * What is searched, made out of its description.
 *
 * @param fields makes exactly the fields of the registry's parameters
 * @param zone in which the fields were made: what is asked has to be read in the same
 * @param ownBases with which references were made relative, as those that are asked for have to be
 * @param ofResources whether stored SearchParameter resources count
 * @param remarks what of the stored parameters has no effect, and why
 */
public record SearchMade(
        SearchParameterRegistry registry,
        SearchFields fields,
        ZoneId zone,
        Set<String> ownBases,
        boolean ofResources,
        List<String> remarks) {
    public SearchMade {
        ownBases = Set.copyOf(ownBases);
        remarks = List.copyOf(remarks);
    }

    /** Where no stored resource counts. */
    public static SearchMade of(
            SearchParameterRegistry registry, SearchFields fields, ZoneId zone, Set<String> ownBases) {
        return new SearchMade(registry, fields, zone, ownBases, false, List.of());
    }
}
