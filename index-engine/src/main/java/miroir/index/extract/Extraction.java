package miroir.index.extract;

import java.util.List;
import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import miroir.index.path.Selection;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** What one walk selects, gathered by parameter. */
final class Extraction implements Selection {
    private final List<FieldPlan> plans;
    private final ExtractionSettings settings;
    private final @Nullable ParameterFields[] collected;

    Extraction(List<FieldPlan> plans, ExtractionSettings settings) {
        this.plans = plans;
        this.settings = settings;
        this.collected = new @Nullable ParameterFields[plans.size()];
    }

    @Override
    public void select(Capture capture, RawValue value) {
        at(capture.slot()).add(capture, value);
    }

    @Override
    public void select(Capture capture, boolean outcome) {
        at(capture.slot()).add(outcome);
    }

    private ParameterFields at(int slot) {
        ParameterFields fields = collected[slot];
        if (fields == null) {
            fields = plans.get(slot).start(settings);
            collected[slot] = fields;
        }
        return fields;
    }

    /** Whether everything selected something that can be found: more than an empty main field. */
    boolean isComplete() {
        for (ParameterFields fields : collected) {
            if (fields == null || isEmpty(fields)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEmpty(ParameterFields fields) {
        BsonDocument written = new BsonDocument();
        fields.write(written);
        return written.values().stream()
                .allMatch(value -> value.isArray() && value.asArray().isEmpty());
    }

    /** Writes the fields in the order of the parameters. */
    void write(BsonDocument document) {
        for (ParameterFields fields : collected) {
            if (fields != null) {
                fields.write(document);
            }
        }
    }
}
