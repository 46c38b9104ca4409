package miroir.index.json;

import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.structure.Structures;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** Holds a resource against the structure tables. Thread-safe. */
public final class StructureCheck {
    private final Structures structures;

    public StructureCheck(Structures structures) {
        this.structures = structures;
    }

    /** Returns if the resource has the structure that its type prescribes. */
    public void check(RawBsonDocument resource) {
        BsonValue type = resource.get("resourceType");
        if (type == null || !type.isString()) {
            throw new Refusal(Reason.INVALID, "the resource has no resourceType", "Resource.resourceType");
        }
        String name = type.asString().getValue();
        if (!structures.resourceTypes().contains(name)) {
            throw new Refusal(
                    Reason.INVALID,
                    Shortened.quote(name) + " is not a resource type of FHIR R4",
                    "Resource.resourceType");
        }
    }
}
