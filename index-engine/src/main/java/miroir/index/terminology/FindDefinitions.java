package miroir.index.terminology;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.path.RawValue;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.VersionStamp;
import org.jspecify.annotations.Nullable;

/** Finds value sets and code systems by their names, for one request. */
final class FindDefinitions implements ExpandValueSet.Known {
    private static final Pattern BY_ID = Pattern.compile("ValueSet/([A-Za-z0-9.-]{1,64})");

    /** Resources may share a URL; the one that was written last counts, and the next ones if it is erased meanwhile. */
    private static final int MOST_OF_ONE_NAME = 10;

    private final ResourceStore store;
    private final SearchParameterRegistry registry;
    private final KeptDefinitions kept;
    private final Caller caller;
    private final @Nullable Instant asOf;
    private final Deadline deadline;

    FindDefinitions(
            ResourceStore store,
            SearchParameterRegistry registry,
            KeptDefinitions kept,
            Caller caller,
            @Nullable Instant asOf,
            Deadline deadline) {
        this.store = store;
        this.registry = registry;
        this.kept = kept;
        this.caller = caller;
        this.asOf = asOf;
        this.deadline = deadline;
    }

    @Override
    public Optional<ValueSet> valueSet(String name) {
        Matcher byId = BY_ID.matcher(name);
        int bar = name.indexOf('|');
        Optional<Definition> found = byId.matches()
                ? find("ValueSet", Condition.In.texts("_id", List.of(byId.group(1))))
                : bar < 0
                        ? named("ValueSet", name, null)
                        : named("ValueSet", name.substring(0, bar), name.substring(bar + 1));
        return found.map(ValueSet.class::cast);
    }

    @Override
    public Optional<CodeSystem> codeSystem(String url, @Nullable String version) {
        return named("CodeSystem", url, version).map(CodeSystem.class::cast);
    }

    private Optional<Definition> named(String type, String url, @Nullable String version) {
        SearchParameter byUrl = registry.find(type, "url");
        SearchParameter byVersion = registry.find(type, "version");
        if (byUrl == null || (version != null && byVersion == null)) {
            return Optional.empty();
        }
        List<Condition> conditions = new ArrayList<>(List.of(Condition.In.texts(byUrl.field(""), List.of(url))));
        if (version != null && byVersion != null) {
            conditions.add(Condition.In.texts(byVersion.field("value"), List.of(version)));
        }
        return find(type, new Condition.And(conditions));
    }

    private Optional<Definition> find(String type, Condition where) {
        Order lastFirst = Order.BY_LAST_UPDATED.reversed();
        PageQuery query = new PageQuery(type, where, lastFirst, null, MOST_OF_ONE_NAME, asOf, deadline);
        return store.stamps(caller, query).stream()
                .flatMap(stamp -> definition(stamp).stream())
                .findFirst();
    }

    private Optional<Definition> definition(VersionStamp stamp) {
        Definition before = kept.find(stamp.key(), stamp.version());
        return before != null ? Optional.of(before) : inTurn(stamp);
    }

    private Optional<Definition> inTurn(VersionStamp stamp) {
        if (!mayRead()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "others read value sets and code systems at the moment; try again");
        }
        try {
            Definition before = kept.find(stamp.key(), stamp.version());
            return before != null ? Optional.of(before) : read(stamp);
        } finally {
            kept.reading().unlock();
        }
    }

    private boolean mayRead() {
        try {
            return kept.reading().tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<Definition> read(VersionStamp stamp) {
        return store.readVersion(caller, stamp.key(), stamp.version())
                .filter(ResourceVersion.Live.class::isInstance)
                .map(ResourceVersion.Live.class::cast)
                .map(live -> {
                    RawValue resource = RawValue.of(live.fhir());
                    Definition definition = stamp.key().type().equals("ValueSet")
                            ? ReadValueSet.of(resource)
                            : ReadCodeSystem.of(resource);
                    kept.keep(
                            stamp.key(),
                            stamp.version(),
                            definition,
                            live.fhir().getByteBuffer().remaining());
                    return definition;
                });
    }
}
