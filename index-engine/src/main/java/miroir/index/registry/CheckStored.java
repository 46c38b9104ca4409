package miroir.index.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;

/**
 * Refuses a SearchParameter resource that would have no effect, though it is active and about a served type, beside everything else
 * that is searched.
 */
public final class CheckStored {
    /** Those that decide about what is searched. */
    public static final List<String> ELEMENTS = List.of(
            "resourceType",
            "id",
            "url",
            "status",
            "description",
            "code",
            "base",
            "type",
            "expression",
            "target",
            "component");

    private CheckStored() {}

    /**
     * Returns if the resource is understood.
     *
     * @param inForce what is searched at present, which may be by an earlier version of it
     */
    public static void check(SearchParameterRegistry inForce, BsonDocument resource) {
        check(new StoredDeclarations(inForce.types(), new IndexChoices(), without(inForce, resource)), resource);
    }

    /**
     * The same where all others of the same code, and those that a composite is made of, are known as they are now.
     *
     * @param concerned in the order in which they take precedence
     */
    public static void check(SearchParameterRegistry inForce, List<BsonDocument> concerned, BsonDocument resource) {
        Map<String, SearchParameter> others = without(inForce, resource);
        String code = resource.getString("code").getValue();
        Set<String> origins = concerned.stream().map(StoredDeclarations::origin).collect(Collectors.toSet());
        others.values()
                .removeIf(other -> origins.contains(other.origin())
                        || (StoredDeclarations.isOrigin(other.origin())
                                && other.code().equals(code)));
        StandardParameters.of(inForce.types()).forEach(each -> others.putIfAbsent(RegistryLoader.name(each), each));
        StoredDeclarations declarations = new StoredDeclarations(inForce.types(), new IndexChoices(), others);
        for (BsonDocument other : StoredDeclarations.componentsFirst(concerned)) {
            try {
                declarations.add(other);
            } catch (ConfigurationRefused withoutEffect) {
                // So it is in nobody's way.
            }
        }
        check(declarations, resource);
    }

    private static void check(StoredDeclarations others, BsonDocument resource) {
        try {
            others.add(resource);
        } catch (ConfigurationRefused refused) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    refused.reason(),
                    "SearchParameter" + (refused.path().isEmpty() ? "" : "." + refused.path()));
        }
    }

    /** Standard parameters stand where the resource stood, with fields of their own. */
    private static Map<String, SearchParameter> without(SearchParameterRegistry inForce, BsonDocument resource) {
        String origin = StoredDeclarations.origin(resource);
        Map<String, SearchParameter> others = new LinkedHashMap<>();
        StandardParameters.of(inForce.types()).forEach(standard -> others.put(RegistryLoader.name(standard), standard));
        inForce.types().stream()
                .flatMap(type -> inForce.of(type).stream())
                .filter(parameter -> !parameter.origin().equals(origin)
                        && !parameter.origin().equals(StandardParameters.ORIGIN))
                .forEach(parameter -> others.put(RegistryLoader.name(parameter), parameter));
        return others;
    }
}
