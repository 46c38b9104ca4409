package miroir.index.registry;

import java.util.LinkedHashMap;
import java.util.Map;
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
    private CheckStored() {}

    /**
     * Returns if the resource is understood.
     *
     * @param inForce what is searched at present, which may be by an earlier version of it
     */
    public static void check(SearchParameterRegistry inForce, BsonDocument resource) {
        try {
            new StoredDeclarations(
                            inForce.types(), new IndexChoices(), others(inForce, StoredDeclarations.origin(resource)))
                    .add(resource);
        } catch (ConfigurationRefused refused) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    refused.reason(),
                    "SearchParameter" + (refused.path().isEmpty() ? "" : "." + refused.path()));
        }
    }

    /** As they are without it: standard parameters whose place it has, and those that share fields with what it is about. */
    private static Map<String, SearchParameter> others(SearchParameterRegistry inForce, String origin) {
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
