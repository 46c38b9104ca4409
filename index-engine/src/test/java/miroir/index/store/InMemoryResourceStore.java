package miroir.index.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Inclusion;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** The port in a map, for tests that need a store and no database, and as the model that other stores are held to. */
public final class InMemoryResourceStore implements ResourceStore {
    private static final List<String> META_BEFORE_VERSION = List.of("id", "_id", "extension");

    private static final DateTimeFormatter LAST_UPDATED = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");

    private final KeptReports reports = new ReportsInMemory();
    private final Map<ResourceKey, Stored> current = new HashMap<>();
    private final List<Stored> versions = new ArrayList<>();
    private final Set<ResourceKey> erased = new HashSet<>();
    private final SearchFields searchFields;
    private final ZoneId zone;
    private final InstantSource clock;
    private long lastPosition;

    /** A resource with its fields; {@code version} may be a deletion, which has none. */
    record Stored(ResourceVersion version, long position, BsonDocument fields) {
        ResourceVersion.Live live() {
            return (ResourceVersion.Live) version;
        }
    }

    public InMemoryResourceStore(SearchFields searchFields, ZoneId zone, InstantSource clock) {
        this.searchFields = searchFields;
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<ResourceVersion> read(Caller caller, ResourceKey key) {
        return Optional.ofNullable(current.get(key))
                .filter(stored -> isVisible(caller, stored))
                .map(Stored::version);
    }

    @Override
    public synchronized Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version) {
        return versions.stream()
                .filter(stored -> stored.version().key().equals(key))
                .filter(stored -> stored.version().version() == version)
                .filter(stored -> isVisibleInHistory(caller, stored))
                .map(Stored::version)
                .findFirst();
    }

    @Override
    public synchronized HistoryPage history(Caller caller, HistoryQuery query) {
        Iterator<ResourceVersion> found = versions.stream()
                .filter(stored -> isAsked(stored, query))
                .filter(stored -> isVisibleInHistory(caller, stored))
                .map(Stored::version)
                .sorted(Comparator.comparing(HistoryPosition::of, query.order()))
                .iterator();
        return HistoryPage.filledFrom(found, query.limit());
    }

    private boolean isAsked(Stored stored, HistoryQuery query) {
        ResourceVersion version = stored.version();
        boolean whose = query.of() instanceof HistoryQuery.Types types
                ? types.types().contains(version.key().type())
                : query.of().equals(new HistoryQuery.Resource(version.key()));
        Instant since = query.since();
        HistoryPosition after = query.after();
        return whose
                && (since == null || !version.from().isBefore(since))
                && !version.from().isAfter(query.until())
                && (after == null || query.order().compare(HistoryPosition.of(version), after) > 0)
                && wasCurrent(version, query);
    }

    private boolean wasCurrent(ResourceVersion version, HistoryQuery query) {
        HistoryQuery.During during = query.at();
        Instant heldAfter = query.heldAfter();
        if (during == null || heldAfter == null) {
            return true;
        }
        Optional<Instant> to = versions.stream()
                .map(Stored::version)
                .filter(other -> other.key().equals(version.key()) && other.version() == version.version() + 1)
                .map(ResourceVersion::from)
                .findFirst();
        return version.from().isBefore(during.end())
                && to.filter(end -> !end.isAfter(heldAfter)).isEmpty();
    }

    private boolean isVisibleInHistory(Caller caller, Stored stored) {
        Stored newest = current.get(stored.version().key());
        return isVisible(caller, stored) && newest != null && isVisible(caller, newest);
    }

    @Override
    public Instant settled(Caller caller, Duration patience, Deadline deadline) {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public synchronized Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        return put(caller, key, fhir, Precondition.absent(), ResourceVersion.Origin.CREATED);
    }

    @Override
    public synchronized Optional<Written> createUnlessFound(
            Caller caller, Criteria criteria, ResourceKey key, RawBsonDocument fhir, ResourceVersion.Origin origin) {
        return new State(caller, null)
                        .matches(criteria.type(), criteria.where())
                        .findAny()
                        .isPresent()
                ? Optional.empty()
                : Optional.of(put(caller, key, fhir, Precondition.absent(), origin));
    }

    @Override
    public synchronized Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        return put(caller, key, fhir, precondition, ResourceVersion.Origin.PUT_CREATED);
    }

    private Written put(
            Caller caller,
            ResourceKey key,
            RawBsonDocument fhir,
            Precondition precondition,
            ResourceVersion.Origin whenNew) {
        if (erased.contains(key)) {
            throw new Refusal(Refusal.Reason.CONFLICT, key + " was erased and cannot be written again");
        }
        Stored before = current.get(key);
        boolean created = before == null || before.version() instanceof ResourceVersion.Deleted;
        if (before != null && !created) {
            requireChangeable(caller, before);
        }
        check(precondition, key, before);
        if (before != null
                && before.version() instanceof ResourceVersion.Live live
                && content(live.fhir()).equals(content(fhir))) {
            return new Written(live, Written.Effect.UNCHANGED, size(before));
        }
        long version = before == null ? 1 : before.version().version() + 1;
        long position = before == null ? ++lastPosition : before.position();
        Instant from = commitInstant(before);
        RawBsonDocument completed = complete(fhir, version, from);
        ResourceVersion.Live live = new ResourceVersion.Live(
                key, version, from, position, created ? whenNew : ResourceVersion.Origin.UPDATED, completed);
        Stored stored = new Stored(live, position, fields(live));
        if (!isWithin(created ? caller.created() : caller.changed(), stored)) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    "what would be written as " + key + " is outside of what the caller may write");
        }
        keep(key, stored);
        return new Written(live, created ? Written.Effect.CREATED : Written.Effect.UPDATED, size(before));
    }

    @Override
    public synchronized Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition) {
        Stored found = current.get(key);
        Stored before = found == null || !isVisible(caller, found) ? null : found;
        if (before != null && before.version() instanceof ResourceVersion.Live) {
            requireChangeable(caller, before);
        }
        check(precondition, key, before);
        if (before == null) {
            return Optional.empty();
        }
        if (before.version() instanceof ResourceVersion.Deleted) {
            return Optional.of(new Written(before.version(), Written.Effect.ALREADY_DELETED));
        }
        ResourceVersion deleted =
                new ResourceVersion.Deleted(key, before.version().version() + 1, commitInstant(before));
        keep(key, new Stored(deleted, before.position(), new BsonDocument()));
        return Optional.of(new Written(deleted, Written.Effect.DELETED, size(before)));
    }

    /** Written, and taken back before anybody could see it. */
    @Override
    public synchronized void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        undone(key, () -> put(caller, key, fhir, precondition).effect());
    }

    @Override
    public synchronized boolean checkDelete(Caller caller, ResourceKey key, Precondition precondition) {
        return undone(key, () -> delete(caller, key, precondition).isPresent());
    }

    private <T> T undone(ResourceKey key, Supplier<T> change) {
        Stored before = current.get(key);
        int versionsBefore = versions.size();
        long positionBefore = lastPosition;
        try {
            return change.get();
        } finally {
            versions.subList(versionsBefore, versions.size()).clear();
            lastPosition = positionBefore;
            if (before == null) {
                current.remove(key);
            } else {
                current.put(key, before);
            }
        }
    }

    @Override
    public synchronized Optional<Erased> erase(Caller caller, ResourceKey key) {
        Stored before = current.get(key);
        if (before == null || !isVisible(caller, before)) {
            return Optional.empty();
        }
        requireChangeable(caller, before);
        long version = before.version().version();
        if (!erased.add(key)) {
            return Optional.of(new Erased(key, version, 0));
        }
        long removed = versions.stream()
                .map(Stored::version)
                .filter(old -> old.key().equals(key) && old instanceof ResourceVersion.Live)
                .count();
        versions.removeIf(stored -> stored.version().key().equals(key));
        ResourceVersion last = new ResourceVersion.Deleted(key, version + 1, commitInstant(before), true);
        keep(key, new Stored(last, before.position(), new BsonDocument()));
        return Optional.of(new Erased(key, version + 1, removed));
    }

    private static void requireChangeable(Caller caller, Stored before) {
        if (!isVisible(caller, before) || !isWithin(caller.changed(), before)) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    "what is stored as " + before.version().key() + " is outside of what the caller may write");
        }
    }

    private static long size(@Nullable Stored before) {
        return before != null && before.version() instanceof ResourceVersion.Live live
                ? live.fhir().getByteBuffer().remaining()
                : 0;
    }

    private void keep(ResourceKey key, Stored stored) {
        current.put(key, stored);
        versions.add(stored);
    }

    @Override
    public synchronized boolean isUnchangedSince(Caller caller, Set<String> types, Instant settled, Deadline deadline) {
        return versions.stream()
                .map(Stored::version)
                .noneMatch(
                        each -> types.contains(each.key().type()) && each.from().isAfter(settled));
    }

    @Override
    public synchronized Page select(Caller caller, PageQuery query) {
        State state = new State(caller, query.asOf());
        List<Stored> inOrder = state.matches(query.type(), query.where())
                .sorted(InMemoryOrder.of(query.order()))
                .toList();
        PagePosition after = query.after();
        if (after != null) {
            inOrder = inOrder.stream()
                    .dropWhile(each -> InMemoryOrder.isNotAfter(query.order(), each, after))
                    .toList();
        }
        Page page = Page.filledFrom(
                inOrder.stream()
                        .map(Stored::live)
                        .map(ResourceVersion.Live::found)
                        .iterator(),
                query.limit());
        int shown = page.resources().size();
        return shown == 0
                ? page
                : new Page(
                        page.resources(),
                        page.more(),
                        Stream.of(inOrder.get(0), inOrder.get(shown - 1))
                                .map(each -> InMemoryOrder.position(query.order(), each))
                                .toList());
    }

    @Override
    public synchronized List<VersionStamp> stamps(Caller caller, PageQuery query) {
        return select(caller, query).resources().stream()
                .map(live -> new VersionStamp(live.key(), live.version(), live.from()))
                .toList();
    }

    @Override
    public Explanation explain(Caller caller, PageQuery query) {
        int returned = select(caller, query).resources().size();
        return new Explanation(List.of(new Explanation.Step(
                query.type(), "nothing", "everything is looked at", 0, current.size(), returned, 0)));
    }

    @Override
    public synchronized Page include(Caller caller, InclusionQuery query) {
        State state = new State(caller, query.asOf());
        Map<ResourceKey, ResourceVersion.Live> included = new LinkedHashMap<>();
        Set<ResourceKey> seen = new HashSet<>();
        query.matches().forEach(match -> seen.add(match.key()));
        Set<ResourceKey> from = new LinkedHashSet<>(seen);
        for (boolean first = true; !from.isEmpty(); first = false) {
            Set<ResourceKey> found = new LinkedHashSet<>();
            for (Inclusion inclusion : query.inclusions()) {
                if (first || inclusion.iterated()) {
                    state.linked(inclusion, from).filter(seen::add).forEach(found::add);
                }
            }
            found.removeIf(key -> state.visible(key).isEmpty());
            found.forEach(
                    key -> included.put(key, state.visible(key).orElseThrow().found()));
            from = found;
        }
        return Page.filledFrom(included.values().iterator(), query.limit());
    }

    @Override
    public synchronized Total count(Caller caller, TotalQuery query) {
        long matches = new State(caller, query.asOf())
                .matches(query.type(), query.where())
                .count();
        return matches > query.atMost() && !query.estimated()
                ? new Total(query.atMost(), false)
                : new Total(matches, true);
    }

    @Override
    public synchronized Labels labels(Caller caller, String type, Deadline deadline) {
        return new State(caller, null)
                .matches(type, Condition.all())
                .map(Stored::live)
                .map(live -> live.fhir().getDocument("meta"))
                .map(InMemoryResourceStore::labels)
                .reduce(Labels.none(), Labels::and);
    }

    private static Labels labels(BsonDocument meta) {
        Set<String> profiles = meta.getArray("profile", new BsonArray()).stream()
                .map(profile -> profile.asString().getValue())
                .collect(Collectors.toSet());
        return new Labels(profiles, labels(meta, "security"), labels(meta, "tag"));
    }

    private static Set<Label> labels(BsonDocument meta, String name) {
        return meta.getArray(name, new BsonArray()).stream()
                .map(BsonValue::asDocument)
                .filter(coding -> coding.containsKey("code"))
                .map(coding -> new Label(
                        coding.getString("system", new BsonString("")).getValue(),
                        coding.getString("code").getValue()))
                .collect(Collectors.toSet());
    }

    /** What a caller sees as at an instant. */
    private final class State {
        private final Caller caller;
        private final Map<ResourceKey, Stored> held;

        State(Caller caller, @Nullable Instant asOf) {
            this.caller = caller;
            this.held = asOf == null ? current : new LinkedHashMap<>();
            if (asOf != null) {
                versions.stream()
                        .filter(each -> !each.version().from().isAfter(asOf))
                        .forEach(each -> held.put(each.version().key(), each));
            }
        }

        Stream<Stored> matches(String type, Condition where) {
            Condition alone = where.replacingLinks(this::linked);
            return held.values().stream()
                    .filter(stored -> stored.version().key().type().equals(type))
                    .filter(stored -> stored.version() instanceof ResourceVersion.Live)
                    .filter(stored -> MeetsCondition.test(stored.fields(), alone))
                    .filter(stored -> isVisibleInHistory(caller, stored));
        }

        Optional<ResourceVersion.Live> visible(ResourceKey key) {
            return Optional.ofNullable(held.get(key))
                    .filter(each -> each.version() instanceof ResourceVersion.Live)
                    .filter(each -> isVisibleInHistory(caller, each))
                    .map(Stored::live);
        }

        /** What a resource must refer to, or be, to be linked with one that is looked for. */
        private Condition linked(Condition.Linked link) {
            List<Stored> others = matches(link.type(), link.condition()).toList();
            if (link.direction() == Condition.Direction.REFERS_TO) {
                return Condition.In.texts(
                        link.field(), others.stream().flatMap(State::names).toList());
            }
            Set<String> meant = others.stream()
                    .flatMap(each -> references(each, link.field()))
                    .collect(Collectors.toSet());
            return Condition.In.texts(
                    "t_fid",
                    held.values().stream()
                            .filter(each -> names(each).anyMatch(meant::contains))
                            .map(each -> each.version().key().toString())
                            .toList());
        }

        private static Stream<String> references(Stored stored, String field) {
            BsonValue value = stored.fields().get(field);
            Stream<BsonValue> values =
                    value == null ? Stream.of() : value.isArray() ? value.asArray().stream() : Stream.of(value);
            return values.map(each -> each.asString().getValue());
        }

        /** What references call it: by its id, and by its url with its version or without any. */
        private static Stream<String> names(Stored stored) {
            List<String> names = new ArrayList<>(List.of(stored.version().key().toString()));
            if (stored.version() instanceof ResourceVersion.Live live
                    && live.fhir().containsKey("url")) {
                String url = live.fhir().getString("url").getValue();
                names.add(url + "|");
                if (live.fhir().containsKey("version")) {
                    names.add(url + "|" + live.fhir().getString("version").getValue());
                }
            }
            return names.stream();
        }

        Stream<ResourceKey> linked(Inclusion inclusion, Set<ResourceKey> from) {
            boolean forward = inclusion.direction() == Condition.Direction.REFERS_TO;
            Map<String, Set<ResourceKey>> byName = byName(from);
            return held.values().stream()
                    .filter(each -> each.version().key().type().equals(inclusion.type()))
                    .flatMap(each -> references(each, inclusion.field())
                            .flatMap(reference -> byName.getOrDefault(reference, Set.of()).stream())
                            .filter(target -> inclusion.mayTarget(target.type()))
                            .filter(target ->
                                    from.contains(forward ? each.version().key() : target))
                            .map(target -> forward ? target : each.version().key()));
        }

        /** What each name means; of these resources the literal one, whether or not they are there. */
        private Map<String, Set<ResourceKey>> byName(Set<ResourceKey> also) {
            Map<String, Set<ResourceKey>> byName = new HashMap<>();
            also.forEach(key -> byName.put(key.toString(), new HashSet<>(Set.of(key))));
            held.values()
                    .forEach(each -> names(each)
                            .forEach(name -> byName.computeIfAbsent(name, any -> new HashSet<>())
                                    .add(each.version().key())));
            return byName;
        }
    }

    @Override
    public Readiness readiness() {
        return new Readiness(true, "in memory");
    }

    @Override
    public KeptReports reports() {
        return reports;
    }

    @Override
    public synchronized long live(String type, Deadline deadline) {
        return current.values().stream()
                .filter(stored -> stored.version().key().type().equals(type))
                .filter(stored -> stored.version() instanceof ResourceVersion.Live)
                .count();
    }

    @Override
    public synchronized StoredSize size(String type, Deadline deadline) {
        long bytes = current.values().stream()
                .mapToLong(stored -> size(stored.version(), type))
                .sum();
        return new StoredSize(bytes, 0, 0);
    }

    private static long size(ResourceVersion version, String type) {
        return version instanceof ResourceVersion.Live live && live.key().type().equals(type)
                ? live.fhir().getByteBuffer().remaining()
                : 0;
    }

    @Override
    public Map<String, Copied> copies() {
        return Map.of();
    }

    @Override
    public Set<String> incompleteTypes() {
        return Set.of();
    }

    @Override
    public void close() {}

    private static boolean isVisible(Caller caller, Stored stored) {
        return isWithin(caller.seen(), stored);
    }

    /** A deletion has no fields, so it is within what has all of its type. */
    private static boolean isWithin(Scope scope, Stored stored) {
        Condition condition = scope.of(stored.version().key().type());
        return condition.isAll()
                || (stored.version() instanceof ResourceVersion.Live
                        && MeetsCondition.test(stored.fields(), condition));
    }

    private static void check(Precondition precondition, ResourceKey key, @Nullable Stored before) {
        if (precondition instanceof Precondition.VersionIs expected) {
            long version = before == null ? 0 : before.version().version();
            if (version == 0 || !expected.versions().contains(version)) {
                throw new Refusal(
                        Refusal.Reason.PRECONDITION_FAILED, key + " has version " + version + ", not " + expected);
            }
        }
        if (precondition instanceof Precondition.Present
                && (before == null || !(before.version() instanceof ResourceVersion.Live))) {
            throw new Refusal(Refusal.Reason.PRECONDITION_FAILED, key + " does not exist");
        }
        if (precondition instanceof Precondition.Absent
                && before != null
                && before.version() instanceof ResourceVersion.Live live) {
            throw new Refusal(Refusal.Reason.PRECONDITION_FAILED, key + " exists with version " + live.version());
        }
    }

    private Instant commitInstant(@Nullable Stored before) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (before == null) {
            return now;
        }
        Instant earliest = before.version().from().plusMillis(1);
        return now.isBefore(earliest) ? earliest : now;
    }

    private BsonDocument fields(ResourceVersion.Live live) {
        BsonDocument fields = new BsonDocument("_id", new BsonString(live.key().id()));
        fields.putAll(searchFields.extract(live.key(), live.from(), live.fhir()));
        return fields;
    }

    /** The resource without what the store itself puts into {@code meta}. */
    private static BsonDocument content(RawBsonDocument fhir) {
        BsonDocument content = fhir.decode(new BsonDocumentCodec());
        BsonDocument meta = content.getDocument("meta", new BsonDocument());
        meta.remove("versionId");
        meta.remove("lastUpdated");
        if (meta.isEmpty()) {
            content.remove("meta");
        }
        // Two documents that differ in the order of their elements alone are equal, but what is stored is not the same.
        return new BsonDocument("json", new BsonString(content.toJson()));
    }

    private RawBsonDocument complete(RawBsonDocument fhir, long version, Instant from) {
        BsonDocument given = fhir.getDocument("meta", new BsonDocument());
        String lastUpdated = LAST_UPDATED.format(from.atZone(zone));
        BsonDocument meta = new BsonDocument();
        given.entrySet().stream()
                .takeWhile(element -> META_BEFORE_VERSION.contains(element.getKey()))
                .forEach(element -> meta.put(element.getKey(), element.getValue()));
        meta.put("versionId", new BsonString(Long.toString(version)));
        meta.put("lastUpdated", new BsonString(lastUpdated));
        given.forEach(meta::putIfAbsent);
        BsonDocument completed = new BsonDocument();
        fhir.forEach((name, value) -> {
            completed.put(name, name.equals("meta") ? meta : value);
            if (name.equals("id") && !fhir.containsKey("meta")) {
                completed.put("meta", meta);
            }
        });
        return new RawBsonDocument(completed, new BsonDocumentCodec());
    }
}
