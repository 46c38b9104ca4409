package miroir.index.extract;

import java.util.ArrayList;
import java.util.List;
import miroir.index.path.Capture;
import miroir.index.path.CompiledPaths;
import miroir.index.path.RawValue;
import org.bson.BsonArray;
import org.bson.BsonDocument;

/**
 * {@code -tuple}: an array of documents, each with the fields of every component. It has a suffix because {@code
 * context-type-value} is a composite and {@code context-type} a token with a {@code -value}.
 */
final class CompositeFields implements ParameterFields {
    private final FieldPlan plan;
    private final ExtractionSettings settings;
    private final List<BsonDocument> tuples = new ArrayList<>();

    CompositeFields(FieldPlan plan, ExtractionSettings settings) {
        this.plan = plan;
        this.settings = settings;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        CompiledPaths components = capture.components();
        if (components != null) {
            addTuple(components, value);
        }
    }

    private void addTuple(CompiledPaths components, RawValue value) {
        List<FieldPlan> plans = new ArrayList<>();
        for (int slot = 0; slot < plan.components().size(); slot++) {
            plans.add(FieldPlan.of(plan.components().get(slot), components.isMany(slot)));
        }
        Extraction tuple = new Extraction(plans, settings);
        components.select(value, tuple);
        if (tuple.isComplete()) {
            BsonDocument document = new BsonDocument();
            tuple.write(document);
            tuples.add(document);
        }
    }

    @Override
    public void write(BsonDocument fields) {
        if (!tuples.isEmpty()) {
            fields.append(
                    plan.field("tuple"),
                    new BsonArray(tuples.stream().distinct().toList()));
        }
    }
}
