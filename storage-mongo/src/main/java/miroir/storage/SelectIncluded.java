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
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Inclusion;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import org.bson.conversions.Bson;

/**
 * What the matches of a page refer to, and what refers to them; and so on from what was found, where that is asked.
 *
 * <p>Round by round: the references of all that the last round found are read by one query for each type that they are in, and
 * those that refer to it by one for each type that refers; then what is new is read by its ids, type by type. Where there are canonicals among the
 * references, or resources with a url among what was found, their urls are looked up by one query more for each type that has any. A reference that
 * leads nowhere, to a type that is not served, or to what the caller may not see, is passed over. So the number of queries is that of types and rounds, and
 * not that of resources, and a circle ends where nothing is new.
 */
final class SelectIncluded {
    private static final Bson ONLY_IDS = Projections.include(StoredFields.ID);

    private final SelectMatches selectMatches;
    private final LinkNames names;
    private final PrepareTypes prepareTypes;
    private final RequireComplete requireComplete;

    SelectIncluded(
            SelectMatches selectMatches, LinkNames names, PrepareTypes prepareTypes, RequireComplete requireComplete) {
        this.selectMatches = selectMatches;
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
        private final Set<ResourceKey> seen;
        private long bytes;

        /** Whether something was left out that was to be read. */
        private boolean cut;

        Rounds(Scope seen, InclusionQuery query) {
            this.visible = seen;
            this.query = query;
            this.seen = new HashSet<>(query.matches());
        }

        Page run() {
            List<Inclusion> inclusions = query.inclusions();
            Collection<ResourceKey> from = query.matches();
            while (!from.isEmpty() && !inclusions.isEmpty() && !isFull()) {
                from = round(inclusions, byType(from));
                inclusions = inclusions.stream().filter(Inclusion::iterated).toList();
            }
            Page page = Page.filledFrom(included.values().iterator(), query.limit());
            return new Page(page.resources(), page.more() || cut);
        }

        /** Whether there is more than is answered. */
        private boolean isFull() {
            return included.size() > query.limit() || bytes > Page.MOST_BYTES;
        }

        /** What is new after one round. */
        private Collection<ResourceKey> round(List<Inclusion> inclusions, Map<String, List<String>> from) {
            Set<ResourceKey> found = new LinkedHashSet<>();
            for (Inclusion inclusion : inclusions) {
                if (mayFind(inclusion.type())) {
                    // A type may have been prepared only now, and not be complete.
                    requireComplete.run(asked -> asked.including(inclusion));
                    found.addAll(
                            inclusion.direction() == Direction.REFERS_TO
                                    ? referredTo(inclusion, from.getOrDefault(inclusion.type(), List.of()))
                                    : referring(inclusion, from));
                }
            }
            found.removeIf(key -> !seen.add(key));
            Set<ResourceKey> read = new LinkedHashSet<>();
            byType(found)
                    .forEach((type, ids) -> read(type, ids).forEach(live -> {
                        included.put(live.key(), live);
                        read.add(live.key());
                    }));
            return read;
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

        private Set<ResourceKey> referredTo(Inclusion inclusion, List<String> ids) {
            Set<String> references = new LinkedHashSet<>();
            if (!ids.isEmpty()) {
                Bson parts = Projections.include(inclusion.field());
                try (Matches matches = matches(inclusion.type(), Condition.In.texts(StoredFields.ID, ids), parts, 0)) {
                    matches.forEachRemaining(document -> references.addAll(References.in(document, inclusion.field())));
                }
            }
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

        private Set<ResourceKey> referring(Inclusion inclusion, Map<String, List<String>> from) {
            List<String> references = new ArrayList<>();
            from.forEach((type, ids) -> {
                if (inclusion.mayTarget(type)) {
                    references.addAll(names(type, ids));
                }
            });
            Set<ResourceKey> sources = new LinkedHashSet<>();
            for (List<String> some : chunks(references)) {
                sources.addAll(keys(inclusion.type(), Condition.In.texts(inclusion.field(), some)));
            }
            return sources;
        }

        private Set<String> names(String type, List<String> ids) {
            Set<String> all = new LinkedHashSet<>();
            ids.forEach(id -> all.add(type + "/" + id));
            if (!names.haveUrl(type)) {
                return all;
            }
            for (List<String> some : chunks(ids)) {
                try (Matches found = matches(
                        type, Condition.In.texts(StoredFields.ID, some), Projections.include(names.parts(type)), 0)) {
                    found.forEachRemaining(document -> all.addAll(names.of(type, document)));
                }
            }
            return all;
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

        private List<ResourceVersion.Live> read(String type, List<String> ids) {
            List<ResourceVersion.Live> live = new ArrayList<>();
            if (!mayFind(type)) {
                return live;
            }
            for (List<String> some : chunks(ids)) {
                int room = query.limit() + 1 - included.size() - live.size();
                if (room <= 0 || bytes > Page.MOST_BYTES) {
                    cut = true;
                    return live;
                }
                try (Matches found = matches(type, Condition.In.texts(StoredFields.ID, some), SelectPage.SHOWN, room)) {
                    read(type, found, live);
                }
            }
            return live;
        }

        private void read(String type, Matches found, List<ResourceVersion.Live> live) {
            while (found.hasNext()) {
                if (bytes > Page.MOST_BYTES) {
                    cut = true;
                    return;
                }
                ResourceVersion.Live next = SelectPage.live(type, found.next());
                bytes += next.fhir().getByteBuffer().remaining();
                live.add(next);
            }
        }

        private Matches matches(String type, Condition where, Bson parts, int limit) {
            Condition among = new Condition.And(List.of(where, visible.of(type)));
            return selectMatches.run(
                    MatchQuery.byPosition(type, among, 0, limit, parts, query.asOf(), visible, query.deadline()));
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
