package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Inclusion;
import miroir.index.search.Order;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A caller who sees active organizations and nothing else, in a store that has other things as well; and, by the name of the method of the port, what he asks about
 * them. {@link ResourceStoreTest} wants every method here.
 */
final class NotSeen {
    static final Condition ACTIVE = new Condition.In("t_active-value", List.of(new BsonString("true")));
    static final Scope ACTIVE_ORGANIZATIONS = Scope.of(Map.of("Organization", ACTIVE));
    static final Caller CALLER =
            new Caller(Caller.DEFAULT_TENANT, ACTIVE_ORGANIZATIONS, ACTIVE_ORGANIZATIONS, ACTIVE_ORGANIZATIONS);
    static final ResourceKey HIDDEN = organization("hidden");

    /** Was active. */
    static final ResourceKey LEFT = organization("left");

    /** Was active, and is deleted. */
    static final ResourceKey GONE = organization("gone");

    static final ResourceKey OF_ANOTHER_TYPE = new ResourceKey("Practitioner", "p1");
    private static final List<ResourceKey> ALL = List.of(HIDDEN, LEFT, GONE, OF_ANOTHER_TYPE);
    private static final List<ResourceKey> SHOWN =
            List.of(organization("a"), organization("b"), organization("c"), organization("d"));
    private static final String REFERENCE = "t_partof-reference";
    private static final String URL = "http://example.org/hidden";

    /** They answer as if none of it were there. */
    static final Map<String, Answer> ANSWERS = Map.ofEntries(
            Map.entry("read", (store, asOf) -> each(key -> store.read(CALLER, key))),
            Map.entry("readVersion", (store, asOf) -> each(key -> store.readVersion(CALLER, key, 1))),
            Map.entry("history", (store, asOf) -> histories(store)),
            Map.entry(
                    "select",
                    (store, asOf) -> pages(asOf)
                            .map(page -> stamps(store.select(CALLER, page)))
                            .toList()),
            Map.entry(
                    "stamps",
                    (store, asOf) ->
                            pages(asOf).map(page -> store.stamps(CALLER, page)).toList()),
            Map.entry(
                    "asAt",
                    (store, asOf) -> asOf == null
                            ? ""
                            : store.asAt(
                                    CALLER,
                                    Set.of("Organization", "Practitioner"),
                                    asOf,
                                    soon(),
                                    instant -> pages(instant)
                                            .map(page -> stamps(store.select(CALLER, page)))
                                            .toList())),
            Map.entry("held", (store, asOf) -> held(store, asOf)),
            Map.entry(
                    "count",
                    (store, asOf) -> pages(asOf)
                            .map(page -> store.count(
                                    CALLER, new TotalQuery(page.type(), page.where(), 100, false, asOf, soon())))
                            .toList()),
            Map.entry(
                    "explain",
                    (store, asOf) -> store.explain(CALLER, page("Organization", Condition.all(), null)).steps().stream()
                            .map(Explanation.Step::returned)
                            .toList()),
            Map.entry(
                    "include",
                    (store, asOf) -> stamps(store.include(
                            CALLER, new InclusionQuery(shown(store, asOf), inclusions(), 100, asOf, soon())))),
            Map.entry(
                    "labels",
                    (store, asOf) -> List.of(
                            store.labels(CALLER, "Organization", soon()),
                            store.labels(CALLER, "Practitioner", soon()))),
            Map.entry("createUnlessFound", (store, asOf) -> createdUnlessNamedHidden(store)),
            Map.entry("delete", (store, asOf) -> each(key -> store.delete(CALLER, key, Precondition.none()))),
            Map.entry("checkDelete", (store, asOf) -> each(key -> store.checkDelete(CALLER, key, Precondition.none()))),
            Map.entry("erase", (store, asOf) -> each(key -> store.erase(CALLER, key))));

    /** They would write over it, and are refused. */
    static final Map<String, Write> WRITES = Map.of(
            "put", (store, key) -> store.put(CALLER, key, active(key), Precondition.none()),
            "create", (store, key) -> store.create(CALLER, key, active(key)),
            "putEach", (store, key) -> putBoth(store, key),
            "checkPut", (store, key) -> store.checkPut(CALLER, key, active(key), Precondition.none()));

    interface Answer {
        /**
         * What is answered.
         *
         * @param asOf the settled instant as at which something is searched; null: the newest
         */
        Object of(ResourceStore store, @Nullable Instant asOf);
    }

    interface Write {
        void to(ResourceStore store, ResourceKey key);
    }

    private NotSeen() {}

    /** What the caller sees; it refers to what he does not see. */
    static void fillWithSeen(ResourceStore store) {
        put(store, SHOWN.get(0), "active: true, name: ['Anne'], partOf: {reference: 'Organization/hidden'}");
        put(store, SHOWN.get(1), "active: true, partOf: {reference: 'Practitioner/p1'}");
        put(store, SHOWN.get(2), "active: true, partOf: {reference: 'Organization/left'}");
        put(store, SHOWN.get(3), "active: true, partOf: {reference: '" + URL + "'}");
    }

    /** What he could still see after the first half. */
    static void fillWithWhatWasSeen(ResourceStore store) {
        put(store, LEFT, "active: true, name: ['Hidden'], partOf: {reference: 'Organization/a'}");
        put(store, GONE, "active: true, name: ['Hidden'], partOf: {reference: 'Organization/a'}");
    }

    static void hide(ResourceStore store) {
        put(store, LEFT, "active: false, name: ['Hidden'], partOf: {reference: 'Organization/a'}");
        store.delete(Caller.everyone(), GONE, Precondition.none());
        put(
                store,
                HIDDEN,
                "meta: {profile: ['h'], tag: [{code: 'h'}]}, active: false, name: ['Hidden'], url: '" + URL
                        + "', partOf: {reference: 'Organization/a'}");
        put(store, OF_ANOTHER_TYPE, "meta: {profile: ['h']}, active: true, partOf: {reference: 'Organization/a'}");
    }

    private static Object held(ResourceStore store, @Nullable Instant instant) {
        Instant asOf = instant == null ? store.settled(CALLER, Duration.ofSeconds(5), soon()) : instant;
        return Stream.of("Organization", "Practitioner")
                .map(type -> new HeldQuery(type, Condition.all(), Set.of(type), asOf, 0, Long.MAX_VALUE, 100, soon()))
                .flatMap(query -> store.held(CALLER, query).resources().stream())
                .map(each -> new VersionStamp(each.key(), each.version(), each.from()))
                .toList();
    }

    private static void put(ResourceStore store, ResourceKey key, String body) {
        store.put(Caller.everyone(), key, resource(key, body), Precondition.none());
    }

    static ResourceKey organization(String id) {
        return new ResourceKey("Organization", id);
    }

    static RawBsonDocument resource(ResourceKey key, String body) {
        return RawBsonDocument.parse("{resourceType: '" + key.type() + "', id: '" + key.id() + "', " + body + "}");
    }

    /** Another one that is not seen beside it, since one alone is no several. */
    private static void putBoth(ResourceStore store, ResourceKey key) {
        ResourceKey other = key.equals(HIDDEN) ? LEFT : HIDDEN;
        List<Put> puts = Stream.of(key, other)
                .map(each -> new Put(each, active(each), false))
                .toList();
        List<PutOutcome> outcomes = store.putEach(CALLER, puts, soon());
        assertThat(outcomes).hasOnlyElementsOfType(PutOutcome.Failed.class);
        outcomes.forEach(NotSeen::requireStored);
    }

    private static void requireStored(PutOutcome outcome) {
        if (outcome instanceof PutOutcome.Failed failed) {
            throw failed.failure();
        }
    }

    private static RawBsonDocument active(ResourceKey key) {
        return resource(key, "active: true");
    }

    private static List<ResourceVersion.Live> shown(ResourceStore store, @Nullable Instant asOf) {
        return Stream.of("Organization", "Practitioner")
                .flatMap(type -> store.select(CALLER, page(type, Condition.all(), asOf)).resources().stream())
                .filter(live -> SHOWN.contains(live.key()))
                .toList();
    }

    private static List<Object> each(Function<ResourceKey, Object> ask) {
        return ALL.stream().map(ask).toList();
    }

    private static List<List<ResourceVersion>> histories(ResourceStore store) {
        List<HistoryQuery.Of> of = new ArrayList<>(List.of(
                new HistoryQuery.Types(Set.of("Organization", "Practitioner")),
                new HistoryQuery.Types(Set.of("Practitioner"))));
        ALL.forEach(key -> of.add(new HistoryQuery.Resource(key)));
        Instant later = Instant.now().plusSeconds(60);
        return of.stream()
                .map(each -> store.history(CALLER, new HistoryQuery(each, null, null, later, null, 100, soon()))
                        .versions())
                .toList();
    }

    /** Everything, and what is linked with something or with nothing. */
    private static Stream<PageQuery> pages(@Nullable Instant asOf) {
        List<Condition> conditions = new ArrayList<>(List.of(Condition.all()));
        for (String other : List.of("Organization", "Practitioner")) {
            for (Direction direction : Direction.values()) {
                for (Condition of : List.of(
                        Condition.all(),
                        new Condition.Not(new Condition.Exists("t_active-value")),
                        new Condition.Not(ACTIVE),
                        link(Direction.REFERS_TO, "Organization", Condition.all()),
                        new Condition.Not(link(Direction.REFERRED_BY, "Practitioner", Condition.all())))) {
                    conditions.add(link(direction, other, of));
                    conditions.add(new Condition.Not(link(direction, other, of)));
                }
            }
        }
        return conditions.stream()
                .flatMap(where -> Stream.of("Organization", "Practitioner").map(type -> page(type, where, asOf)));
    }

    private static Condition link(Direction direction, String type, Condition of) {
        return new Condition.Linked(direction, REFERENCE, type, of);
    }

    private static PageQuery page(String type, Condition where, @Nullable Instant asOf) {
        return new PageQuery(type, where, Order.BY_POSITION, null, 100, asOf, soon());
    }

    private static List<Inclusion> inclusions() {
        return List.of(
                new Inclusion(Direction.REFERS_TO, "Organization", REFERENCE, List.of(), true),
                new Inclusion(Direction.REFERRED_BY, "Organization", REFERENCE, List.of(), true),
                new Inclusion(Direction.REFERRED_BY, "Practitioner", REFERENCE, List.of(), true));
    }

    private static List<VersionStamp> stamps(Page page) {
        return page.resources().stream()
                .map(live -> new VersionStamp(live.key(), live.version(), live.from()))
                .toList();
    }

    /** What it created is deleted again, and is not seen from then on. */
    private static Object createdUnlessNamedHidden(ResourceStore store) {
        ResourceKey key = organization("made");
        Criteria criteria = new Criteria("Organization", new Condition.Text("t_name", "hidden", false), soon());
        Object created = store.createUnlessFound(CALLER, criteria, key, active(key), ResourceVersion.Origin.CREATED)
                .map(Written::effect);
        store.delete(Caller.everyone(), key, Precondition.none());
        return created;
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }
}
