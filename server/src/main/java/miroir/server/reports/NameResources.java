package miroir.server.reports;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;

/** Finds by what people know those that others refer to, all of a page at once; who may not see one is not told. */
final class NameResources {
    private static final Set<String> TYPES = Set.of("Practitioner", "Organization");

    private NameResources() {}

    /** By reference, as far as they are there. */
    static Map<String, Known> of(Stream<String> references, ResourceStore store, Caller caller, Deadline deadline) {
        Map<String, Set<String>> ids = references
                .map(reference -> reference.split("/", -1))
                .filter(parts -> parts.length == 2 && TYPES.contains(parts[0]))
                .collect(Collectors.groupingBy(
                        parts -> parts[0],
                        Collectors.mapping(parts -> parts[1], Collectors.toCollection(TreeSet::new))));
        Map<String, Known> known = new HashMap<>();
        ids.forEach((type, ofType) -> known.putAll(ofType(type, ofType, store, caller, deadline)));
        return known;
    }

    /** By reference, those of one type that are there. */
    static Map<String, Known> ofType(
            String type, Collection<String> ids, ResourceStore store, Caller caller, Deadline deadline) {
        Map<String, Known> known = new HashMap<>();
        Page page = new Page(List.of(), true);
        long after = 0;
        while (page.more()) {
            page = store.select(
                    caller, new PageQuery(type, Condition.In.texts("_id", ids), after, ids.size(), deadline));
            for (ResourceVersion.Live live : page.resources()) {
                known.put(live.key().toString(), Known.of(live));
                after = live.position();
            }
        }
        return known;
    }
}
