package miroir.index.terminology;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.path.RawValue;
import miroir.index.search.Condition;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.VersionStamp;
import org.jspecify.annotations.Nullable;

/** Finds value sets and code systems by their names, for one request. */
final class FindDefinitions implements ExpandValueSet.Known {
    private static final Pattern BY_ID = Pattern.compile("(?:ValueSet|CodeSystem)/([A-Za-z0-9.-]{1,64})");

    /** Whose labels are looked at. */
    private static final int MOST_CODE_SYSTEMS = 1_000;

    private final ResourceStore store;
    private final KeptDefinitions kept;
    private final Caller caller;
    private final Deadline deadline;
    private final FindByUrl find;

    FindDefinitions(
            ResourceStore store,
            SearchableParameters searchable,
            KeptDefinitions kept,
            Caller caller,
            @Nullable Instant asOf,
            Deadline deadline) {
        this.store = store;
        this.kept = kept;
        this.caller = caller;
        this.deadline = deadline;
        this.find = new FindByUrl(store, searchable, caller, asOf, deadline);
    }

    @Override
    public Optional<ValueSet> valueSet(String name) {
        return read(byId("ValueSet", name).orElseGet(() -> find.ofCanonical("ValueSet", name)))
                .map(ValueSet.class::cast);
    }

    @Override
    public Optional<CodeSystem> codeSystem(String url, @Nullable String version) {
        return read(byId("CodeSystem", url).orElseGet(() -> find.ofUrl("CodeSystem", url, version)))
                .map(CodeSystem.class::cast);
    }

    private Optional<List<VersionStamp>> byId(String type, String name) {
        Matcher byId = BY_ID.matcher(name);
        return byId.matches() && name.startsWith(type)
                ? Optional.of(find.where(type, Condition.In.texts("_id", List.of(byId.group(1))), 1))
                : Optional.empty();
    }

    /** Those of these URLs, in whatever version; of several with one URL the one that was written last comes first. */
    List<CodeSystem> codeSystems(Set<String> urls) {
        return find.ofUrls("CodeSystem", urls).stream()
                .flatMap(stamp -> definition(stamp).stream())
                .map(CodeSystem.class::cast)
                .toList();
    }

    /** All of them, one after the other: together they may be large. */
    Stream<CodeSystem> codeSystems() {
        List<VersionStamp> stamps = find.where("CodeSystem", new Condition.And(List.of()), MOST_CODE_SYSTEMS + 1);
        if (stamps.size() > MOST_CODE_SYSTEMS) {
            throw new Refusal(
                    Refusal.Reason.TOO_COSTLY,
                    "there are more than " + MOST_CODE_SYSTEMS
                            + " code systems, whose labels are not looked at for each search: ask for codes instead");
        }
        return stamps.stream().flatMap(stamp -> definition(stamp).stream()).map(CodeSystem.class::cast);
    }

    private Optional<Definition> read(List<VersionStamp> stamps) {
        return stamps.stream().flatMap(stamp -> definition(stamp).stream()).findFirst();
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
