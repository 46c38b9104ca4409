package miroir.server.reports;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.search.SameSystems;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.VersionStamp;
import miroir.server.directory.DirectoryResource;
import org.jspecify.annotations.Nullable;

/** What there is beside the resources that are looked at; asked for many at once. */
final class Elsewhere {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 500;

    /** With more values an index does not keep the order of pages. */
    private static final int MERGED_VALUES = 200;

    private static final int TRIES = 5;

    private final ResourceStore store;
    private final SearchParameterRegistry registry;
    private final Caller caller;
    private final SameSystems systems;
    private @Nullable CodeTables tables;

    Elsewhere(ResourceStore store, SearchParameterRegistry registry, SameSystems systems, Caller caller) {
        this.store = store;
        this.registry = registry;
        this.systems = systems;
        this.caller = caller;
    }

    /** Read once. */
    CodeTables tables() {
        CodeTables known = tables;
        if (known == null) {
            known = CodeTables.read(this, registry.types());
            tables = known;
        }
        return known;
    }

    /** By which name a system goes here. */
    String current(String system) {
        return systems.current(system);
    }

    /** The types that are kept here. */
    Set<String> served() {
        return registry.types();
    }

    /** Which of these there are. */
    Set<String> existing(String type, Collection<String> ids) {
        Set<String> found = new HashSet<>();
        for (List<String> some : parts(ids, AT_ONCE)) {
            List<VersionStamp> stamps = patiently(() -> store.stamps(
                    caller,
                    new PageQuery(type, Condition.In.texts("_id", some), 0, some.size(), Deadline.in(PATIENCE))));
            stamps.forEach(stamp -> found.add(stamp.key().id()));
        }
        return found;
    }

    /** These, by their ids. */
    Map<String, DirectoryResource> resources(String type, Collection<String> ids) {
        Map<String, DirectoryResource> found = new HashMap<>();
        for (List<String> some : parts(ids, AT_ONCE)) {
            each(
                    type,
                    Condition.In.texts("_id", some),
                    one -> found.put(one.key().id(), one));
        }
        return found;
    }

    /**
     * Tells who has one of these values as an identifier, of each value a few.
     *
     * <p>A value that everybody has, such as a placeholder, would be met by a hundred thousand: where many values together are met by more than a few each,
     * they are asked for one by one, and of each no more is read than tells that it is shared.
     *
     * @param few how many of each are enough
     */
    void withIdentifiers(String type, Collection<String> values, int few, Consumer<DirectoryResource> found) {
        SearchParameter identifier = registry.find(type, "identifier");
        if (identifier == null) {
            return;
        }
        for (List<String> some : parts(values, MERGED_VALUES)) {
            Page page = page(type, Condition.In.texts(identifier.field("value"), some), 0, 2 * MERGED_VALUES);
            if (!page.more()) {
                page.resources().forEach(live -> found.accept(DirectoryResource.of(live)));
                continue;
            }
            for (String value : some) {
                page(type, Condition.In.texts(identifier.field("value"), List.of(value)), 0, few)
                        .resources()
                        .forEach(live -> found.accept(DirectoryResource.of(live)));
            }
        }
    }

    /** All that meet a condition, in the order in which they were made. */
    void each(String type, Condition where, Consumer<DirectoryResource> found) {
        long after = 0;
        boolean more = true;
        while (more) {
            Page page = page(type, where, after, AT_ONCE);
            for (ResourceVersion.Live live : page.resources()) {
                found.accept(DirectoryResource.of(live));
                after = live.position();
            }
            more = page.more() && !page.resources().isEmpty();
        }
    }

    /** One page, as large as is read at once. */
    Page page(String type, long after) {
        return page(type, Condition.all(), after, AT_ONCE);
    }

    private Page page(String type, Condition where, long after, int most) {
        return patiently(() -> {
            Deadline deadline = Deadline.in(PATIENCE);
            return store.inTurn(
                    deadline, () -> store.select(caller, new PageQuery(type, where, after, most, deadline)));
        });
    }

    /** A database may be away for some seconds, and a report takes an hour. */
    private static <T> T patiently(Supplier<T> read) {
        for (int attempt = 1; ; attempt++) {
            try {
                return read.get();
            } catch (Refusal refused) {
                if (refused.reason() != Refusal.Reason.NOT_READY || attempt == TRIES) {
                    throw refused;
                }
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1L << attempt));
            }
        }
    }

    private static List<List<String>> parts(Collection<String> all, int size) {
        List<String> distinct = all.stream().distinct().toList();
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < distinct.size(); from += size) {
            parts.add(distinct.subList(from, Math.min(from + size, distinct.size())));
        }
        return parts;
    }
}
