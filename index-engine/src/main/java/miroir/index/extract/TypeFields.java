package miroir.index.extract;

import java.util.ArrayList;
import java.util.List;
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
        List<SearchParameter> ofContent = parameters.stream()
                .filter(parameter -> !OF_THE_VERSION.contains(parameter.code()))
                .toList();
        paths = CompiledPaths.of(type, ofContent);
        for (int slot = 0; slot < ofContent.size(); slot++) {
            plans.add(FieldPlan.of(ofContent.get(slot), paths.isMany(slot)));
        }
    }

    void extract(RawBsonDocument resource, ExtractionSettings settings, BsonDocument fields) {
        Extraction extraction = new Extraction(plans, settings);
        paths.select(resource, extraction);
        extraction.write(fields);
    }
}
