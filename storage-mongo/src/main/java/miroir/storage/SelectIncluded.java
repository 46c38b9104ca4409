package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Inclusion;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.index.store.SearchFields;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the matches of a page refer to, and what refers to them; and so on from what was found, where that is asked.
 *
 * <p>Round by round. What all that the last round found refers to is said by its content, which is here, and is read by its ids, by one query for each type. What refers to it is
 * read by one query for each type that refers, content and all. Where there are canonicals among the
 * references, their urls are looked up by one query more for each type that has any. A reference that
 * leads nowhere, to a type that is not served, or to what the caller may not see, is passed over. So the number of queries is that of types and rounds, and
 * not that of resources, and a circle ends where nothing is new.
 *
 * <p>The alternatives: references from their search fields, by the ids of the page, are a query for each inclusion, which costs half of what the page does, where the content of fifty roles is gone through
 * in a fraction of that. Ids first, and then the content of what is new, is two queries instead of one, and saves the content of what is on the page already, of which there is little.
 */
final class SelectIncluded {
    private static final Logger LOG = LoggerFactory.getLogger(SelectIncluded.class);
    private static final Bson ONLY_IDS = Projections.include(StoredFields.ID);

    private final SelectMatches selectMatches;
    private final SearchFields searchFields;
    private final LinkNames names;
    private final PrepareTypes prepareTypes;
    private final RequireComplete requireComplete;

    SelectIncluded(
            SelectMatches selectMatches,
            SearchFields searchFields,
            LinkNames names,
            PrepareTypes prepareTypes,
            RequireComplete requireComplete) {
        this.selectMatches = selectMatches;
        this.searchFields = searchFields;
        this.names = names;
        this.prepareTypes = prepareTypes;
        this.requireComplete = requireComplete;
    }

    Page run(Scope seen, InclusionQuery query) {
        return new Rounds(seen, query).run();
    }

    /** One page's. */
    private final class Rounds {
        private final Scope visible;
        private final InclusionQuery query;
        private final Map<ResourceKey, ResourceVersion.Live> included = new LinkedHashMap<>();

        /** What is not read again. */
        private final Set<ResourceKey> seen = new HashSet<>();

        private long bytes;

        /** Whether something was left out that was to be read. */
        private boolean cut;

        Rounds(Scope seen, InclusionQuery query) {
            this.visible = seen;
            this.query = query;
            query.matches().forEach(match -> this.seen.add(match.key()));
        }

        Page run() {
            List<Inclusion> inclusions = query.inclusions();
            List<ResourceVersion.Live> from = query.matches();
            while (!from.isEmpty() && !inclusions.isEmpty() && !isFull()) {
                from = round(inclusions, from);
                inclusions = inclusions.stream().filter(Inclusion::iterated).toList();
            }
            Page page = Page.filledFrom(included.values().iterator(), query.limit());
            return new Page(page.resources(), page.more() || cut);
        }

        /** Whether there is more than is answered. */
        private boolean isFull() {
            return included.size() > query.limit() || bytes > Page.MOST_BYTES;
        }

        /** What is new after one round. First what is referred to: that is bounded by what refers to it, and what refers to something is not. */
        private List<ResourceVersion.Live> round(List<Inclusion> inclusions, List<ResourceVersion.Live> from) {
            List<Inclusion> allowed = inclusions.stream()
                    .filter(inclusion -> mayFind(inclusion.type()))
                    .toList();
            List<ResourceVersion.Live> found = new ArrayList<>();
            Set<ResourceKey> named = new LinkedHashSet<>();
            in(Direction.REFERS_TO, allowed).forEach(inclusion -> named.addAll(referredTo(inclusion, from)));
            named.removeAll(seen);
            byType(named).forEach((type, ids) -> readNamed(type, ids, found));
            seen.addAll(named);
            in(Direction.REFERRED_BY, allowed).forEach(inclusion -> readReferring(inclusion, from, found));
            return found;
        }

        private static List<Inclusion> in(Direction direction, List<Inclusion> inclusions) {
            return inclusions.stream()
                    .filter(inclusion -> inclusion.direction() == direction)
                    .toList();
        }

        /** Nothing is asked of a type of which nothing may be seen. One may have been prepared only now, and not be complete. */
        private boolean mayFind(String type) {
            Condition seen = visible.of(type);
            if (seen.isNone() || !prepareTypes.beforeSearch(type)) {
                return false;
            }
            requireComplete.run(asked -> asked.where(type, seen));
            return true;
        }

        private Set<ResourceKey> referredTo(Inclusion inclusion, List<ResourceVersion.Live> from) {
            Set<String> references = new LinkedHashSet<>();
            from.stream()
                    .filter(each -> each.key().type().equals(inclusion.type()))
                    .forEach(each -> references.addAll(references(each, inclusion.field())));
            Set<ResourceKey> targets = new LinkedHashSet<>();
            references.stream()
                    .map(References::key)
                    .flatMap(Optional::stream)
                    .filter(key -> inclusion.mayTarget(key.type()) && prepareTypes.serves(key.type()))
                    .forEach(targets::add);
            targets.addAll(meant(
                    inclusion,
                    references.stream().filter(LinkNames::isCanonical).toList()));
            return targets;
        }

        /** What cannot be gone through is shown without what it refers to, and it is said that something was left out. */
        private List<String> references(ResourceVersion.Live each, String field) {
            try {
                return References.of(searchFields.extract(each.key(), field, each.fhir()));
            } catch (RuntimeException e) {
                LOG.warn("{} is shown without what it refers to: {}", each.key(), e.toString());
                cut = true;
                return List.of();
            }
        }

        /** What canonicals mean, whatever type that has. */
        private Set<ResourceKey> meant(Inclusion inclusion, List<String> canonicals) {
            Set<ResourceKey> targets = new LinkedHashSet<>();
            if (!canonicals.isEmpty()) {
                Set<String> types = names.typesWithUrl().stream()
                        .filter(type -> inclusion.mayTarget(type) && mayFind(type))
                        .collect(Collectors.toSet());
                requireComplete.run(asked -> asked.including(inclusion));
                types.forEach(type ->
                        chunks(canonicals).forEach(some -> targets.addAll(keys(type, names.meant(type, some)))));
            }
            return targets;
        }

        private Set<ResourceKey> keys(String type, Condition where) {
            Set<ResourceKey> keys = new LinkedHashSet<>();
            int room = query.limit() + 1 + seen.size();
            try (Matches matches = matches(type, where, ONLY_IDS, room)) {
                matches.forEachRemaining(document -> keys.add(new ResourceKey(
                        type, document.getString(StoredFields.ID).getValue())));
            }
            return keys;
        }

        private void readReferring(
                Inclusion inclusion, List<ResourceVersion.Live> from, List<ResourceVersion.Live> found) {
            // A type may have been prepared only now, and not be complete.
            requireComplete.run(asked -> asked.including(inclusion));
            List<String> references = from.stream()
                    .filter(each -> inclusion.mayTarget(each.key().type()))
                    .flatMap(each -> names.of(each).stream())
                    .distinct()
                    .toList();
            for (List<String> some : chunks(references)) {
                read(inclusion.type(), Condition.In.texts(inclusion.field(), some), known(inclusion.type()), found);
            }
        }

        /** How many of a type are here already. */
        private int known(String type) {
            Stream<ResourceKey> keys =
                    Stream.concat(query.matches().stream().map(ResourceVersion.Live::key), included.keySet().stream());
            return (int) keys.filter(key -> key.type().equals(type)).count();
        }

        private void readNamed(String type, List<String> ids, List<ResourceVersion.Live> found) {
            if (mayFind(type)) {
                for (List<String> some : chunks(ids)) {
                    read(type, Condition.In.texts(StoredFields.ID, some), 0, found);
                }
            }
        }

        /**
         * Reads what is new of that which meets a condition.
         *
         * @param known how many of those were seen before, at most
         */
        private void read(String type, Condition where, int known, List<ResourceVersion.Live> found) {
            if (isFull()) {
                cut = true;
                return;
            }
            int room = query.limit() + 1 - included.size();
            try (Matches matches = matches(type, where, SelectPage.SHOWN, room + known)) {
                while (matches.hasNext()) {
                    if (isFull()) {
                        cut = true;
                        return;
                    }
                    take(SelectPage.live(type, matches.next()), found);
                }
            }
        }

        private void take(ResourceVersion.Live next, List<ResourceVersion.Live> found) {
            if (seen.add(next.key())) {
                bytes += next.fhir().getByteBuffer().remaining();
                included.put(next.key(), next);
                found.add(next);
            }
        }

        private Matches matches(String type, Condition where, Bson parts, int limit) {
            Condition among = new Condition.And(List.of(where, visible.of(type)));
            return selectMatches.run(
                    MatchQuery.byPosition(type, among, 0, limit, parts, query.asOf(), visible, query.deadline())
                            .unordered());
        }
    }

    /** So many values an index delivers in order. */
    private static List<List<String>> chunks(List<String> values) {
        return Chunks.of(values, each -> 1, FindDrivers.MERGED_VALUES);
    }

    private static Map<String, List<String>> byType(Collection<ResourceKey> keys) {
        Map<String, List<String>> byType = new LinkedHashMap<>();
        keys.forEach(key ->
                byType.computeIfAbsent(key.type(), type -> new ArrayList<>()).add(key.id()));
        return byType;
    }
}
