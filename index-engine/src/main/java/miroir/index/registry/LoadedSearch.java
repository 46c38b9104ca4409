package miroir.index.registry;

import java.util.List;
import miroir.index.SearchParameterRegistry;

/**
 * A registry with stored search parameters.
 *
 * @param remarks which of them have no effect, and why
 */
public record LoadedSearch(SearchParameterRegistry registry, List<String> remarks) {
    public LoadedSearch {
        remarks = List.copyOf(remarks);
    }
}
