package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Finds what refers to a resource, by the indexes of reference parameters: a reference that no parameter selects is not seen. One query
 * for each type that has resources; MongoDB asks each index in it for one key.
 */
final class FindReferring {
    private static final int MOST_NAMED = 5;

    private final StoreDatabase database;
    private final SearchParameterRegistry registry;
    private final TypeIndexes indexes;
    private final PrepareTypes prepareTypes;

    FindReferring(
            StoreDatabase database, SearchParameterRegistry registry, TypeIndexes indexes, PrepareTypes prepareTypes) {
        this.database = database;
        this.registry = registry;
        this.indexes = indexes;
        this.prepareTypes = prepareTypes;
    }

    /**
     * Refuses where something refers to the resource.
     *
     * @param but what does not count
     */
    void refuseAny(ResourceKey target, Set<ResourceKey> but) {
        List<ResourceKey> referring = new ArrayList<>();
        for (String type : prepareTypes.searchable(registry.types())) {
            if (referring.size() <= MOST_NAMED) {
                referring.addAll(of(type, target, but));
            }
        }
        if (!referring.isEmpty()) {
            String named = referring.stream()
                    .limit(MOST_NAMED)
                    .map(ResourceKey::toString)
                    .collect(Collectors.joining(", "));
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    target + " is referred to by " + named + (referring.size() > MOST_NAMED ? " and others" : "")
                            + ", and so it stays (integrity.onDelete in server.yaml)");
        }
    }

    private List<ResourceKey> of(String type, ResourceKey target, Set<ResourceKey> but) {
        List<Bson> ways = fields(type, target.type()).stream()
                .map(field -> Filters.eq(field, target.toString()))
                .toList();
        if (ways.isEmpty()) {
            return List.of();
        }
        List<ResourceKey> found = new ArrayList<>();
        for (RawBsonDocument each : database.current(type)
                .find(Filters.or(ways))
                .projection(Projections.include(StoredFields.ID))
                .limit(MOST_NAMED + 2 + but.size())
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
            ResourceKey key =
                    new ResourceKey(type, each.getString(StoredFields.ID).getValue());
            if (!key.equals(target) && !but.contains(key)) {
                found.add(key);
            }
        }
        return found;
    }

    private List<String> fields(String type, String target) {
        return registry.of(type).stream()
                .filter(parameter -> parameter.searchType() == SearchParameterType.REFERENCE)
                .filter(parameter ->
                        parameter.targets().isEmpty() || parameter.targets().contains(target))
                .map(FindReferring::field)
                .distinct()
                .filter(field -> indexes.on(type, field) != null)
                .toList();
    }

    private static String field(SearchParameter parameter) {
        return parameter.field("reference");
    }
}
