package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.store.ContractStore;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;

/** What is searched as a test says it: tokens of Practitioner by name and expression, which others may say as well. */
final class DescribedSearch implements MakeSearch {
    static final Set<String> TYPES = Set.of("Practitioner", "SearchParameter");
    private static final String UNKNOWN_HERE = "newer";
    private final boolean isNew;
    private volatile BsonDocument ours;

    DescribedSearch(String... codesAndExpressions) {
        this(true, codesAndExpressions);
    }

    private DescribedSearch(boolean isNew, String... codesAndExpressions) {
        this.isNew = isNew;
        this.ours = description(codesAndExpressions);
    }

    /** One that does not understand what {@link #newer} describes. */
    static DescribedSearch old(String... codesAndExpressions) {
        return new DescribedSearch(false, codesAndExpressions);
    }

    private static BsonDocument description(String... codesAndExpressions) {
        BsonDocument description = new BsonDocument("_tag", new BsonString("Practitioner.meta.tag"));
        for (int i = 0; i < codesAndExpressions.length; i += 2) {
            description.append(codesAndExpressions[i], new BsonString(codesAndExpressions[i + 1]));
        }
        return description;
    }

    /** As if its files were changed. */
    void change(String... codesAndExpressions) {
        ours = description(codesAndExpressions);
    }

    static String[] newer() {
        return new String[] {UNKNOWN_HERE, "Practitioner.active"};
    }

    @Override
    public BsonDocument ours() {
        return ours;
    }

    @Override
    public SearchMade make(BsonDocument description, List<RawBsonDocument> stored) {
        if (!isNew && description.containsKey(UNKNOWN_HERE)) {
            throw new ConfigurationRefused("test", "what is newer is not understood");
        }
        List<SearchParameter> parameters = new ArrayList<>();
        description.forEach((code, expression) ->
                parameters.add(parameter(code, expression.asString().getValue())));
        stored.forEach(each -> parameters.add(parameter(
                each.getString("code").getValue(), each.getString("expression").getValue())));
        SearchParameterRegistry registry = SearchParameterRegistry.of(TYPES, parameters);
        return new SearchMade(
                registry,
                new FieldExtractor(registry, new ExtractionSettings(ContractStore.ZONE, Set.of())),
                ContractStore.ZONE,
                Set.of(),
                true,
                List.of());
    }

    private static SearchParameter parameter(String code, String expression) {
        return new SearchParameter(
                "Practitioner",
                code,
                SearchParameterType.TOKEN,
                expression,
                code,
                true,
                false,
                "",
                "",
                List.of(),
                List.of(),
                "test");
    }
}
