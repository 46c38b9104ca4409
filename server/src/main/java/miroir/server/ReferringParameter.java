package miroir.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import miroir.index.registry.ConfigurationText;

/**
 * The files that say what is searched, and one more where nothing may be deleted that something refers to: a parameter of every type that finds all
 * references, wherever they stand.
 */
final class ReferringParameter implements Supplier<List<ConfigurationText>> {
    /** What it is called. */
    static final String NAME = "refers-to";

    private final Supplier<List<ConfigurationText>> files;
    private final ConfigurationText more;

    ReferringParameter(Supplier<List<ConfigurationText>> files, Set<String> types) {
        this.files = files;
        this.more = new ConfigurationText(
                "integrity.onDelete.yaml", """
                # Made by the server, because integrity.onDelete is refuse.
                resources:
                  - name: [%s]
                    searchParams:
                      - name: %s
                        searchType: reference
                        resourcePaths: ['descendants().ofType(Reference)']
                        description: Any reference in the resource, in extensions and in contained resources too
                """.formatted(String.join(", ", new TreeSet<>(types)), NAME));
    }

    @Override
    public List<ConfigurationText> get() {
        List<ConfigurationText> all = new ArrayList<>(files.get());
        all.add(more);
        return all;
    }
}
