package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.path.CompiledPaths;
import miroir.index.search.Condition;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Finds what refers to resources: by the parameter that has all references of a type, where there is one, and otherwise by the indexes of
 * others, and a reference that none of them selects is not seen. One query for each type that has resources; MongoDB asks each index in it
 * for one key.
 */
final class FindReferring {
    private static final int MOST_NAMED = 5;

    private final StoreDatabase database;
    private final Supplier<SearchView> newest;
    private final PrepareTypes prepareTypes;
    private final Supplier<Set<String>> incompleteTypes;
    private final ReadCurrent readCurrent;

    FindReferring(
            StoreDatabase database,
            Supplier<SearchView> newest,
            PrepareTypes prepareTypes,
            Supplier<Set<String>> incompleteTypes) {
        this.database = database;
        this.newest = newest;
        this.prepareTypes = prepareTypes;
        this.incompleteTypes = incompleteTypes;
        this.readCurrent = new ReadCurrent(database);
    }

    /**
     * Refuses where something refers to one of these.
     *
     * @param own what does not count, with these themselves
     * @param scope whoever deletes is told of what is within it
     */
    void refuseAny(Set<ResourceKey> targets, Set<ResourceKey> own, WriteScope scope) {
        SearchView view = newest.get();
        Set<String> types =
                prepareTypes.searchable(view.search().made().registry().types());
        Set<String> ofTargets = targets.stream().map(ResourceKey::type).collect(Collectors.toSet());
        requireAllFound(view);
        view.requireComplete(asked -> references(view, ofTargets, asked));
        refuseAny(List.copyOf(targets), own, types, scope, view);
        requireAllFound(view);
        view.requireStill(asked -> references(view, ofTargets, asked));
    }

    /** What kept the search fields of before may refer to them, and nobody would see it. */
    private void requireAllFound(SearchView view) {
        Set<String> types = new TreeSet<>(incompleteTypes.get());
        types.retainAll(view.search().made().registry().types());
        if (!types.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "some of " + String.join(", ", types)
                            + " keep search fields of before, so it is not known to what they refer (see"
                            + " /health/ready), and nothing is deleted while integrity.onDelete is refuse");
        }
    }

    private static AskedParameters references(SearchView view, Set<String> targets, AskedParameters asked) {
        SearchParameterRegistry registry = view.search().made().registry();
        registry.types()
                .forEach(type -> parameters(view, type)
                        .filter(parameter -> targets.stream().anyMatch(target -> mayBeTo(target, parameter)))
                        .forEach(parameter -> asked.code(type, parameter.code())));
        return asked;
    }

    private static Stream<SearchParameter> parameters(SearchView view, String type) {
        List<SearchParameter> all = view.search().made().registry().of(type);
        return all.stream()
                .filter(parameter -> parameter.expression().equals(CompiledPaths.anyReference(type)))
                .filter(parameter -> parameter.targets().isEmpty() && isIndexed(view, type, parameter))
                .findFirst()
                .map(Stream::of)
                .orElseGet(all::stream);
    }

    private static boolean isIndexed(SearchView view, String type, SearchParameter parameter) {
        return view.indexes().on(type, field(parameter)) != null;
    }

    /** All at once, since mostly there is nothing; where there is, half by half until it is known to what. */
    private void refuseAny(
            List<ResourceKey> targets, Set<ResourceKey> own, Set<String> types, WriteScope scope, SearchView view) {
        List<ResourceKey> referring = new ArrayList<>();
        for (String type : types) {
            if (referring.size() <= MOST_NAMED) {
                referring.addAll(of(type, targets, own, view));
            }
        }
        if (referring.isEmpty()) {
            return;
        }
        if (targets.size() == 1) {
            throw referred(targets.get(0), referring, scope);
        }
        int half = targets.size() / 2;
        refuseAny(targets.subList(0, half), own, types, scope, view);
        refuseAny(targets.subList(half, targets.size()), own, types, scope, view);
    }

    private Refusal referred(ResourceKey target, List<ResourceKey> referring, WriteScope scope) {
        Set<String> types = referring.stream().map(ResourceKey::type).collect(Collectors.toSet());
        List<String> named = scope.amongSeen(
                types,
                () -> referring.stream()
                        .filter(key -> isSeen(key, scope.seen().of(key.type())))
                        .limit(MOST_NAMED)
                        .map(ResourceKey::toString)
                        .toList());
        String others = named.isEmpty() ? "others" : " and others";
        return new Refusal(
                Refusal.Reason.CONFLICT,
                target + " is referred to by " + String.join(", ", named)
                        + (referring.size() > named.size() ? others : "")
                        + ", and so it stays (integrity.onDelete in server.yaml)");
    }

    private boolean isSeen(ResourceKey key, Condition seen) {
        return seen.isAll() || (!seen.isNone() && readCurrent.isWithin(key, seen));
    }

    private List<ResourceKey> of(String type, List<ResourceKey> targets, Set<ResourceKey> own, SearchView view) {
        List<Bson> ways = new ArrayList<>();
        targets.stream().collect(Collectors.groupingBy(ResourceKey::type)).forEach((of, some) -> {
            List<String> names = some.stream().map(ResourceKey::toString).toList();
            fields(view, type, of).forEach(field -> ways.add(Filters.in(field, names)));
        });
        if (ways.isEmpty()) {
            return List.of();
        }
        List<ResourceKey> found = new ArrayList<>();
        for (RawBsonDocument each : database.current(type)
                .find(Filters.or(ways))
                .projection(Projections.include(StoredFields.ID))
                .limit(MOST_NAMED + 1 + own.size())
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
            ResourceKey key =
                    new ResourceKey(type, each.getString(StoredFields.ID).getValue());
            if (!own.contains(key)) {
                found.add(key);
            }
        }
        return found;
    }

    private static List<String> fields(SearchView view, String type, String target) {
        return parameters(view, type)
                .filter(parameter -> mayBeTo(target, parameter) && isIndexed(view, type, parameter))
                .map(FindReferring::field)
                .distinct()
                .toList();
    }

    private static boolean mayBeTo(String target, SearchParameter parameter) {
        return parameter.searchType() == SearchParameterType.REFERENCE
                && (parameter.targets().isEmpty() || parameter.targets().contains(target));
    }

    private static String field(SearchParameter parameter) {
        return parameter.field("reference");
    }
}
