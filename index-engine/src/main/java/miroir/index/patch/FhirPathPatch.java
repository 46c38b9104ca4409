package miroir.index.patch;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** FHIRPath Patch: operations in a Parameters resource, whose paths say which element is meant as FHIR names it. */
public final class FhirPathPatch implements Patch {
    private final Operations operations;

    private FhirPathPatch(Operations operations) {
        this.operations = operations;
    }

    /** The patch that a Parameters resource is; a {@link Refusal} where it is none. Its structure has been checked. */
    public static FhirPathPatch of(BsonDocument sent) {
        String type = sent.getString("resourceType").getValue();
        if (!type.equals("Parameters")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the body is a " + type + "; a patch is a Parameters resource, or a JSON Patch as"
                            + " application/json-patch+json",
                    type + ".resourceType");
        }
        BsonArray parameters = sent.getArray("parameter", new BsonArray());
        Operations.checkCount(parameters.size());
        List<PathOperation> operations = new ArrayList<>();
        for (BsonValue parameter : parameters) {
            operations.add(operation(parameter.asDocument(), operations.size()));
        }
        return new FhirPathPatch(new Operations(operations));
    }

    @Override
    public RawBsonDocument applyTo(RawBsonDocument resource, Deadline deadline) {
        return operations.applyTo(resource, deadline);
    }

    private static PathOperation operation(BsonDocument parameter, int index) {
        String expression = "Parameters.parameter[" + index + "]";
        try {
            return PathOperation.of(OperationParts.of(parameter), expression);
        } catch (PatchFailed e) {
            throw Operations.refused(e, index, "", expression);
        }
    }
}
