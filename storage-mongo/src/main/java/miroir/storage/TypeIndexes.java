package miroir.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Which indexes a type needs, from its search parameters. All that serve a search end with the position {@code n}, so
 * that matches of one value come in the order of pages, except those on intervals, which cannot.
 */
final class TypeIndexes {
    /** MongoDB allows 64; the rest is left for an operator's own. */
    static final int AT_MOST = 60;

    private static final BsonDocument DELETIONS = new BsonDocument(StoredFields.DELETED, BsonBoolean.TRUE);
    private static final List<WantedIndex> POSITIONS = List.of(
            WantedIndex.on(StoredFields.POSITION),
            WantedIndex.on(StoredFields.POSITION_KEPT).onlyAmong(DELETIONS));
    private static final List<WantedIndex> POSITIONS_OF_HISTORY =
            List.of(WantedIndex.on(StoredFields.POSITION, StoredFields.TO));

    /** Every collection has it. */
    static final BsonDocument IDS = WantedIndex.on(StoredFields.ID).keys();

    /** Versions in the order of a history, backwards, so that new ones are put at the end. */
    static final WantedIndex VERSIONS = WantedIndex.on(StoredFields.FROM).thenDescending(StoredFields.ID);

    /** Erased resources, by id. */
    static final WantedIndex ERASED = WantedIndex.on(StoredFields.ERASED, StoredFields.ID)
            .onlyAmong(new BsonDocument(StoredFields.ERASED, BsonBoolean.TRUE));

    /** Superseded versions by their end, those whose end is missing first. */
    static final WantedIndex ENDS = WantedIndex.on(StoredFields.TO);

    private static final List<WantedIndex> OF_CURRENT = List.of(VERSIONS, ERASED);

    /** How many are left for search parameters. */
    static final int FOR_SEARCHES = AT_MOST - POSITIONS.size() - OF_CURRENT.size();

    /** What every resource has and extraction writes itself, however it is declared. */
    private static final Set<String> BUILT_IN = Set.of("_id", "_lastUpdated");

    private final SearchParameterRegistry registry;
    private final Map<String, Map<String, WantedIndex>> searchIndexes = new ConcurrentHashMap<>();

    TypeIndexes(SearchParameterRegistry registry) {
        this.registry = registry;
    }

    /** Those that pages without a condition and the repair of counters need; built before all others. */
    static List<WantedIndex> ofPositions() {
        return POSITIONS;
    }

    /** The same in history. */
    static List<WantedIndex> ofPositionsInHistory() {
        return POSITIONS_OF_HISTORY;
    }

    /** Those that histories and the jobs on them need. */
    static List<WantedIndex> ofHistory() {
        return List.of(VERSIONS, ENDS);
    }

    /** Everything that a type's current documents need, but for positions. */
    List<WantedIndex> ofCurrent(String type) {
        return Stream.concat(OF_CURRENT.stream(), ofSearches(type).stream()).toList();
    }

    /** Those that search parameters need. */
    List<WantedIndex> ofSearches(String type) {
        return List.copyOf(byLeadingField(type).values());
    }

    /** The index that a condition on this field can use. */
    @Nullable
    WantedIndex on(String type, String field) {
        return byLeadingField(type).get(field);
    }

    /** The fields of parameters that should have an index and have none, because there is no room. */
    List<String> leftOut(String type) {
        List<String> wanted = all(type).map(WantedIndex::leadingField).toList();
        return wanted.stream().distinct().skip(FOR_SEARCHES).toList();
    }

    private Map<String, WantedIndex> byLeadingField(String type) {
        return Objects.requireNonNull(searchIndexes.computeIfAbsent(type, this::select));
    }

    private Map<String, WantedIndex> select(String type) {
        Map<String, WantedIndex> selected = new LinkedHashMap<>();
        all(type).forEach(index -> {
            if (selected.size() < FOR_SEARCHES) {
                selected.putIfAbsent(index.leadingField(), index);
            }
        });
        return selected;
    }

    private Stream<WantedIndex> all(String type) {
        List<WantedIndex> indexes = new ArrayList<>();
        indexes.add(WantedIndex.on("t_lastupdated", StoredFields.POSITION));
        registry.of(type).stream()
                .filter(SearchParameter::indexed)
                .filter(parameter -> !BUILT_IN.contains(parameter.code()))
                .forEach(parameter -> indexes.addAll(of(parameter)));
        return indexes.stream();
    }

    private static List<WantedIndex> of(SearchParameter parameter) {
        String field = parameter.field("");
        return switch (parameter.searchType()) {
            case TOKEN -> List.of(inOrder(parameter.field("value")));
            case STRING -> List.of(inOrder(parameter.field("3g")));
            case REFERENCE -> List.of(inOrder(parameter.field("reference")));
            case URI -> List.of(inOrder(field));
            case DATE, NUMBER, QUANTITY ->
                List.of(WantedIndex.on(field + ".s", field + ".e"), WantedIndex.on(field + ".e"));
            case COMPOSITE -> ofFirstComponent(parameter);
            case SPECIAL -> List.of();
        };
    }

    private static List<WantedIndex> ofFirstComponent(SearchParameter parameter) {
        SearchParameter.Component first = parameter.components().get(0);
        String inner = parameter.field("tuple") + "." + first.code();
        return switch (first.searchType()) {
            case TOKEN -> List.of(inOrder(inner + "-value"));
            case REFERENCE -> List.of(inOrder(inner + "-reference"));
            default -> List.of();
        };
    }

    private static WantedIndex inOrder(String field) {
        return WantedIndex.on(field, StoredFields.POSITION);
    }
}
