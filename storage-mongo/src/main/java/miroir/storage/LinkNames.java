package miroir.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.search.Condition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What references call a resource, and what a resource has to be for references to mean it.
 *
 * <p>A literal reference has type and id, and is kept as {@code Type/id}. A canonical has the url that a resource has within, with
 * or without a version: with one it means that version, without one any that is here. It is kept as {@code url|version} and
 * {@code url}, or as {@code url} and {@code url|}: so the names of a resource of version 2 are {@code Type/id}, {@code url|} and
 * {@code url|2}, and each of them is one key of the index on references. The way back is the index on urls, the version tested on
 * what that finds.
 *
 * <p>Only types that have a url and a version to be searched by can be meant by canonicals; for all others nothing more is read or asked.
 */
final class LinkNames {
    private static final String URL = "url";
    private static final String VERSION = "version";
    private static final char BAR = '|';

    private final Map<String, Fields> fields = new TreeMap<>();

    /** By which a resource is found that a canonical means. */
    private record Fields(String url, String version) {}

    LinkNames(SearchParameterRegistry registry) {
        for (String type : registry.types()) {
            String url = field(registry, type, URL, SearchParameterType.URI, "");
            String version = field(registry, type, VERSION, SearchParameterType.TOKEN, "value");
            if (url != null && version != null) {
                fields.put(type, new Fields(url, version));
            }
        }
    }

    /** Those of the served types that canonicals can mean. */
    List<String> typesWithUrl() {
        return List.copyOf(fields.keySet());
    }

    /** Whether canonicals can mean resources of that type. */
    boolean haveUrl(String type) {
        return fields.containsKey(type);
    }

    /** Whether it is a canonical, in the form that says with which version. */
    static boolean isCanonical(String reference) {
        return reference.indexOf(BAR) > 0;
    }

    /** What of a resource has to be read to know its names. */
    List<String> parts(String type) {
        return haveUrl(type)
                ? List.of(StoredFields.ID, StoredFields.FHIR + "." + URL, StoredFields.FHIR + "." + VERSION)
                : List.of(StoredFields.ID);
    }

    /** The names of a resource of which at least these parts are at hand. */
    List<String> of(String type, RawBsonDocument document) {
        ResourceKey key =
                new ResourceKey(type, document.getString(StoredFields.ID).getValue());
        return of(key, haveUrl(type) ? document.getDocument(StoredFields.FHIR, null) : null);
    }

    /** The names of a resource with this content. */
    List<String> of(ResourceVersion.Live live) {
        return of(live.key(), haveUrl(live.key().type()) ? live.fhir() : null);
    }

    private static List<String> of(ResourceKey key, @Nullable BsonDocument fhir) {
        List<String> names = new ArrayList<>();
        names.add(key.toString());
        String url = fhir == null ? null : text(fhir.get(URL));
        if (fhir != null && url != null) {
            names.add(url + BAR);
            String version = text(fhir.get(VERSION));
            if (version != null) {
                names.add(url + BAR + version);
            }
        }
        return names;
    }

    private static @Nullable String text(@Nullable BsonValue value) {
        return value != null && value.isString() ? value.asString().getValue() : null;
    }

    /** What resources of a type meet that are meant by one of these references. */
    Condition meant(String type, Collection<String> references) {
        Condition byId = Condition.In.texts(StoredFields.ID, ids(type, references));
        Condition byUrl = byUrl(type, references);
        if (byUrl.isNone()) {
            return byId;
        }
        return byId.isNone() ? byUrl : new Condition.Or(List.of(byId, byUrl));
    }

    private static List<String> ids(String type, Collection<String> references) {
        String prefix = type + "/";
        return references.stream()
                .filter(each -> each.startsWith(prefix))
                .map(each -> each.substring(prefix.length()))
                .toList();
    }

    /** All urls at once, for the index on them, and which of them in which version. */
    private Condition byUrl(String type, Collection<String> references) {
        Fields by = fields.get(type);
        Map<String, List<String>> urls = by == null ? Map.of() : urlsByVersion(references);
        if (by == null || urls.isEmpty()) {
            return Condition.none();
        }
        String url = by.url();
        String version = by.version();
        List<Condition> alternatives = new ArrayList<>();
        urls.forEach((said, some) -> alternatives.add(
                said.isEmpty()
                        ? Condition.In.texts(url, some)
                        : new Condition.And(
                                List.of(Condition.In.texts(url, some), Condition.In.texts(version, List.of(said))))));
        return alternatives.size() == 1
                ? alternatives.get(0)
                : new Condition.And(List.of(
                        Condition.In.texts(
                                url,
                                urls.values().stream().flatMap(List::stream).toList()),
                        tested(new Condition.Or(alternatives))));
    }

    /** The same, for which no index is sought: denied twice. There may be a thousand versions, and each would be counted. */
    private static Condition tested(Condition condition) {
        return new Condition.Not(new Condition.Not(condition));
    }

    /** Those without a version under none. */
    private static Map<String, List<String>> urlsByVersion(Collection<String> references) {
        Map<String, List<String>> urls = new TreeMap<>();
        for (String each : references) {
            if (isCanonical(each)) {
                int bar = each.indexOf(BAR);
                urls.computeIfAbsent(each.substring(bar + 1), version -> new ArrayList<>())
                        .add(each.substring(0, bar));
            }
        }
        return urls;
    }

    /** The field of a parameter, if it is on the element of its name. */
    private static @Nullable String field(
            SearchParameterRegistry registry, String type, String code, SearchParameterType searchType, String suffix) {
        SearchParameter parameter = registry.find(type, code);
        return parameter != null
                        && parameter.searchType() == searchType
                        && parameter.expression().equals(type + "." + code)
                ? parameter.field(suffix)
                : null;
    }
}
