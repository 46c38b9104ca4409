package miroir.index.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;

/** Makes the registry of a server from the standard parameters and the operator's files. */
public final class RegistryLoader {
    private RegistryLoader() {}

    /** The registry for these types. */
    public static SearchParameterRegistry load(Set<String> types, List<ConfigurationText> files) {
        List<SearchParameter> parameters = new ArrayList<>(StandardParameters.of(types));
        return SearchParameterRegistry.of(types, parameters);
    }
}
