package miroir.server.export;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.SearchParameter;
import miroir.index.json.Shape;
import miroir.index.store.Caller;
import miroir.index.store.Scope;
import miroir.index.store.SearchInForce;
import miroir.server.access.Grants;
import miroir.server.access.Permission;
import miroir.server.access.Right;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What an export is of, and for whom. It never changes.
 *
 * @param who asked; an empty string where nobody had to say
 * @param byToken whether a token says so, and so is needed for the files
 * @param request the URL that was asked
 * @param base the FHIR base that whoever asked knows
 * @param at when it was asked
 * @param asOf the settled instant that it shows
 * @param expires when it ends by itself
 * @param types in order
 * @param filters searches of types, of which a resource meets one; a type that has none is exported whole
 * @param since only what was changed after that; null: everything
 * @param elements of types, which are all that is shown of them
 * @param allowed the permissions of whoever asked, as people write them
 * @param meaning what the searches meant
 * @param warnings what was left out for a client that wanted that
 */
record Asked(
        String who,
        boolean byToken,
        String request,
        String base,
        Instant at,
        Instant asOf,
        Instant expires,
        List<String> types,
        Map<String, List<String>> filters,
        @Nullable Instant since,
        Map<String, List<String>> elements,
        List<String> allowed,
        int meaning,
        List<String> warnings) {
    private static final Set<Right> SEARCHING = Set.of(Right.SEARCH);

    Asked {
        types = List.copyOf(types);
        filters = Map.copyOf(filters);
        elements = Map.copyOf(elements);
        allowed = List.copyOf(allowed);
        warnings = List.copyOf(warnings);
    }

    /** On whose behalf it is read: what he could search when he asked. */
    Caller caller(SearchInForce inForce) {
        Grants grants = new Grants(allowed.stream().map(Permission::of).toList());
        Scope seen = grants.scope(SEARCHING, () -> inForce);
        return new Caller(Caller.DEFAULT_TENANT, seen, Scope.nothing(), Scope.nothing(), who);
    }

    /** By which parameters that is narrowed, of a type. */
    Set<SearchParameter> narrowing(String type, SearchInForce inForce) {
        return new Grants(allowed.stream().map(Permission::of).toList()).narrowing(Right.SEARCH, type, inForce);
    }

    /** The same, which ends by then at the latest. */
    Asked endingBy(Instant then) {
        return then.isBefore(expires)
                ? new Asked(
                        who, byToken, request, base, at, asOf, then, types, filters, since, elements, allowed, meaning,
                        warnings)
                : this;
    }

    /** The parts of resources of a type that are exported. */
    Shape shape(String type) {
        List<String> names = elements.get(type);
        return names == null ? Shape.whole() : Shape.elements(Set.copyOf(names));
    }

    /** The same with searches as they take effect. */
    Asked filters(Map<String, List<String>> read, List<String> warned) {
        return new Asked(
                who, byToken, request, base, at, asOf, expires, types, read, since, elements, allowed, meaning, warned);
    }

    /** The same with what its searches mean. */
    Asked meaning(int meant) {
        return new Asked(
                who, byToken, request, base, at, asOf, expires, types, filters, since, elements, allowed, meant,
                warnings);
    }

    static Asked of(BsonDocument document) {
        return new Asked(
                document.getString("who").getValue(),
                document.getBoolean("byToken").getValue(),
                document.getString("request").getValue(),
                document.getString("base").getValue(),
                instant(document, "at"),
                instant(document, "asOf"),
                instant(document, "expires"),
                texts(document.getArray("types")),
                lists(document.getDocument("filters")),
                document.containsKey("since") ? instant(document, "since") : null,
                lists(document.getDocument("elements")),
                texts(document.getArray("allowed")),
                document.getInt32("meaning").getValue(),
                texts(document.getArray("warnings")));
    }

    BsonDocument toBson() {
        BsonDocument document = new BsonDocument("who", new BsonString(who))
                .append("byToken", BsonBoolean.valueOf(byToken))
                .append("request", new BsonString(request))
                .append("base", new BsonString(base))
                .append("at", date(at))
                .append("asOf", date(asOf))
                .append("expires", date(expires))
                .append("types", array(types))
                .append("filters", document(filters))
                .append("elements", document(elements))
                .append("allowed", array(allowed))
                .append("meaning", new BsonInt32(meaning))
                .append("warnings", array(warnings));
        return since == null ? document : document.append("since", date(since));
    }

    private static Instant instant(BsonDocument document, String field) {
        return Instant.ofEpochMilli(document.getDateTime(field).getValue());
    }

    private static BsonDateTime date(Instant instant) {
        return new BsonDateTime(instant.toEpochMilli());
    }

    private static List<String> texts(BsonArray array) {
        return array.stream().map(each -> each.asString().getValue()).toList();
    }

    private static BsonArray array(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    private static Map<String, List<String>> lists(BsonDocument document) {
        return document.keySet().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        type -> texts(document.getArray(type)),
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    private static BsonDocument document(Map<String, List<String>> lists) {
        BsonDocument document = new BsonDocument();
        lists.forEach((type, texts) -> document.append(type, array(texts)));
        return document;
    }
}
