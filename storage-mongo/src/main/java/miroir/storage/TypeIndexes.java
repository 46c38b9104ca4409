package miroir.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import miroir.index.IndexKey;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/**
 * Which indexes a type needs, from its search parameters. All that serve a search end with the position {@code n}, so
 * that matches of one value come in the order of pages, except those on both ends of intervals, which cannot.
 */
final class TypeIndexes {
    private static final BsonDocument DELETIONS = new BsonDocument(StoredFields.DELETED, BsonBoolean.TRUE);

    /** Of all deletions, and nothing else. */
    static final WantedIndex DELETED_POSITIONS =
            WantedIndex.on(StoredFields.POSITION_KEPT).onlyAmong(DELETIONS);

    private static final List<WantedIndex> POSITIONS =
            List.of(WantedIndex.on(StoredFields.POSITION), DELETED_POSITIONS);
    private static final List<WantedIndex> POSITIONS_OF_HISTORY =
            List.of(WantedIndex.on(StoredFields.POSITION, StoredFields.TO));

    /** Every collection has it. */
    static final BsonDocument IDS = WantedIndex.on(StoredFields.ID).keys();

    /** Versions in the order of a history, backwards, so that new ones are put at the end. */
    static final WantedIndex VERSIONS = WantedIndex.on(StoredFields.FROM).thenDescending(StoredFields.ID);

    /** Erased resources, by id. */
    static final WantedIndex ERASED = WantedIndex.on(StoredFields.ERASED, StoredFields.ID)
            .onlyAmong(new BsonDocument(StoredFields.ERASED, BsonBoolean.TRUE));

    /** Mirrored resources by owner and id, deletions left out: what a sweep walks, from the index alone. */
    static final WantedIndex OWNED = WantedIndex.on(StoredFields.SOURCE, StoredFields.ID)
            .onlyAmong(new BsonDocument(StoredFields.SOURCE, new BsonDocument("$exists", BsonBoolean.TRUE)));

    /** Live resources in the order of their ids; deletions, of which any number may stand side by side there, are left out. */
    static final WantedIndex LIVE_IDS = WantedIndex.on(StoredFields.ID, StoredFields.POSITION)
            .onlyAmong(new BsonDocument(StoredFields.POSITION, new BsonDocument("$gt", new BsonInt64(0))));

    /** Superseded versions by their end, those whose end is missing first. */
    static final WantedIndex ENDS = WantedIndex.on(StoredFields.TO);

    /** Resources in the order in which they were last updated. */
    private static final WantedIndex UPDATES = WantedIndex.on("t_lastupdated", StoredFields.POSITION);

    private static final List<WantedIndex> OF_CURRENT = List.of(VERSIONS, ERASED, OWNED, LIVE_IDS, UPDATES);

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
        return ofCurrentWith(ofSearches(type));
    }

    /** The same with only these of those that search parameters need. */
    static List<WantedIndex> ofCurrentWith(Collection<WantedIndex> some) {
        return Stream.concat(OF_CURRENT.stream(), some.stream()).distinct().toList();
    }

    /** Those that a search parameter needs; those of parameters with the same fields are the same. */
    List<WantedIndex> of(SearchParameter parameter) {
        Map<String, WantedIndex> ofType = byLeadingField(parameter.type());
        return keys(parameter)
                .map(key -> ofType.get(wanted(key).leadingField()))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
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

    /** The first index on something within the elements of a field: of a composite or an interval. */
    Optional<WantedIndex> onPartOf(String type, String field) {
        return byLeadingField(type).values().stream()
                .filter(index -> index.leadingField().startsWith(field + "."))
                .findFirst();
    }

    /** By which a type is sorted without making keys. */
    List<String> sorts(String type) {
        return registry.of(type).stream()
                .filter(parameter -> parameter.sortable() || parameter.isBuiltIn())
                .map(SearchParameter::code)
                .distinct()
                .toList();
    }

    /** The parameters that should have an index and have none, because there is no room. */
    List<String> leftOut(String type) {
        return registry.leftOut(type);
    }

    private Map<String, WantedIndex> byLeadingField(String type) {
        return Objects.requireNonNull(searchIndexes.computeIfAbsent(type, this::select));
    }

    private Map<String, WantedIndex> select(String type) {
        Map<String, WantedIndex> selected = new LinkedHashMap<>();
        add(UPDATES, selected);
        registry.of(type).stream().flatMap(TypeIndexes::keys).forEach(key -> add(wanted(key), selected));
        return selected;
    }

    private static Stream<IndexKey> keys(SearchParameter parameter) {
        return Stream.concat(
                parameter.indexed() ? IndexKey.of(parameter).stream() : Stream.of(),
                parameter.sortable() ? IndexKey.ofSorting(parameter).stream() : Stream.of());
    }

    private static void add(WantedIndex index, Map<String, WantedIndex> selected) {
        selected.putIfAbsent(index.leadingField(), index);
    }

    private static WantedIndex wanted(IndexKey key) {
        List<String> fields = new ArrayList<>(key.fields());
        if (key.inOrder()) {
            fields.add(StoredFields.POSITION);
        }
        return WantedIndex.on(fields.toArray(String[]::new));
    }
}
