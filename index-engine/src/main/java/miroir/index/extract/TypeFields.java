package miroir.index.extract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.path.CompiledPaths;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/** The parameters of one resource type, ready to be extracted. */
final class TypeFields {
    /** These come from the version and not from the content. */
    private static final Set<String> OF_THE_VERSION = Set.of("_id", "_lastUpdated");

    private final CompiledPaths paths;
    private final List<FieldPlan> plans = new ArrayList<>();

    TypeFields(String type, List<SearchParameter> parameters) {
        List<SearchParameter> ofContent = fieldsOnce(parameters);
        paths = CompiledPaths.of(type, ofContent);
        for (int slot = 0; slot < ofContent.size(); slot++) {
            plans.add(FieldPlan.of(ofContent.get(slot), paths.isMany(slot)));
        }
    }

    /** One for each name of fields: those that share them differ only in whether they are sorted by. */
    private static List<SearchParameter> fieldsOnce(List<SearchParameter> parameters) {
        Map<String, SearchParameter> byFields = new LinkedHashMap<>();
        parameters.stream()
                .filter(parameter -> !OF_THE_VERSION.contains(parameter.code()))
                .forEach(parameter -> byFields.merge(
                        parameter.indexName(),
                        parameter,
                        (one, other) -> one.with(one.indexed(), one.sortable() || other.sortable())));
        return List.copyOf(byFields.values());
    }

    void extract(RawBsonDocument resource, ExtractionSettings settings, BsonDocument fields) {
        Extraction extraction = new Extraction(plans, settings);
        paths.select(resource, extraction);
        extraction.write(fields);
    }
}
