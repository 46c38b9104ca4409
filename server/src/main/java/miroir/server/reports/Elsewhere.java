package miroir.server.reports;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.VersionStamp;

/** What there is beside the resources that are looked at; asked for many at once. */
final class Elsewhere {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 500;

    private final ResourceStore store;
    private final SearchParameterRegistry registry;
    private final Caller caller;
    private final CodeTables tables;

    Elsewhere(ResourceStore store, SearchParameterRegistry registry, Caller caller) {
        this.store = store;
        this.registry = registry;
        this.caller = caller;
        this.tables = CodeTables.read(this, registry.types());
    }

    CodeTables tables() {
        return tables;
    }

    /** The types that are kept here. */
    Set<String> served() {
        return registry.types();
    }

    /** Which of these there are. */
    Set<String> existing(String type, Collection<String> ids) {
        Set<String> found = new HashSet<>();
        for (List<String> some : parts(ids)) {
            PageQuery query =
                    new PageQuery(type, Condition.In.texts("_id", some), 0, some.size(), Deadline.in(PATIENCE));
            for (VersionStamp stamp : store.stamps(caller, query)) {
                found.add(stamp.key().id());
            }
        }
        return found;
    }

    /** These, by their ids. */
    Map<String, DirectoryResource> resources(String type, Collection<String> ids) {
        Map<String, DirectoryResource> found = new HashMap<>();
        for (List<String> some : parts(ids)) {
            each(
                    type,
                    Condition.In.texts("_id", some),
                    one -> found.put(one.key().id(), one));
        }
        return found;
    }

    /**
     * Tells all that have one of these identifiers.
     *
     * @param pairs as they are stored, {@code system|value}
     */
    void withIdentifiers(String type, Collection<String> pairs, Consumer<DirectoryResource> found) {
        SearchParameter identifier = registry.find(type, "identifier");
        if (identifier == null) {
            return;
        }
        for (List<String> some : parts(pairs)) {
            List<String> values = some.stream()
                    .map(pair -> pair.substring(pair.indexOf('|') + 1))
                    .toList();
            each(
                    type,
                    new Condition.And(List.of(
                            Condition.In.texts(identifier.field("value"), values),
                            Condition.In.texts(identifier.field("sysval"), some))),
                    found);
        }
    }

    /** All that meet a condition, in the order in which they were made. */
    void each(String type, Condition where, Consumer<DirectoryResource> found) {
        long after = 0;
        boolean more = true;
        while (more) {
            List<ResourceVersion.Live> read = new ArrayList<>();
            more = page(type, where, after, read);
            for (ResourceVersion.Live live : read) {
                found.accept(DirectoryResource.of(live));
                after = live.position();
            }
            more = more && !read.isEmpty();
        }
    }

    /** One page; whether more follows. */
    boolean page(String type, Condition where, long after, List<ResourceVersion.Live> read) {
        Deadline deadline = Deadline.in(PATIENCE);
        return store.inTurn(deadline, () -> {
            Page page = store.select(caller, new PageQuery(type, where, after, AT_ONCE, deadline));
            read.addAll(page.resources());
            return page.more();
        });
    }

    private static List<List<String>> parts(Collection<String> all) {
        List<String> distinct = all.stream().distinct().toList();
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < distinct.size(); from += AT_ONCE) {
            parts.add(distinct.subList(from, Math.min(from + AT_ONCE, distinct.size())));
        }
        return parts;
    }
}
