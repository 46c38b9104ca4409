package miroir.index.store;

import java.util.List;
import miroir.index.SearchParameterRegistry;

/**
 * What is searched, made out of its description.
 *
 * @param fields makes exactly the fields of the registry's parameters
 * @param remarks what of the stored parameters has no effect, and why
 */
public record SearchMade(SearchParameterRegistry registry, SearchFields fields, List<String> remarks) {
    public SearchMade {
        remarks = List.copyOf(remarks);
    }
}
