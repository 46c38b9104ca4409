package miroir.index.registry;

import java.util.List;
import miroir.index.SearchParameterRegistry;

/**
 * A registry with stored search parameters.
 *
 * @param remarks which of them have no effect, and why
 */
public record LoadedRegistry(SearchParameterRegistry registry, List<String> remarks) {
    public LoadedRegistry {
        remarks = List.copyOf(remarks);
    }
}
