package miroir.index.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The references in a resource that say by a text what they are to, and where they stand. The tables of structures say what an element
 * is. What stands in a Bundle is passed over: it refers to what has a {@code fullUrl} there.
 *
 * @param all of the resource and what it contains
 * @param contained the ids of what it contains
 */
public record LiteralReferences(List<Found> all, Set<String> contained) {
    private static final Structures STRUCTURES = Structures.r4();

    /**
     * One of them.
     *
     * @param path the FHIRPath of the Reference
     */
    public record Found(String path, String reference) {}

    /** Those of a resource that has the right structure. */
    public static LiteralReferences in(BsonDocument resource) {
        LiteralReferences found = new LiteralReferences(new ArrayList<>(), new HashSet<>());
        String type = type(resource);
        found.resource(type, resource);
        for (BsonValue each : resource.getArray("contained", new BsonArray())) {
            if (each.isDocument() && each.asDocument().get("id") != null) {
                found.contained.add(each.asDocument().getString("id").getValue());
            }
        }
        return found;
    }

    private static String type(BsonDocument resource) {
        return resource.getString("resourceType").getValue();
    }

    private void resource(String path, BsonDocument resource) {
        String type = type(resource);
        if (!type.equals("Bundle")) {
            document(path, type, resource);
        }
    }

    private void document(String path, String typeName, BsonDocument document) {
        TypeDefinition type = STRUCTURES.type(typeName);
        if (type == null) {
            return;
        }
        BsonValue reference = typeName.equals("Reference") ? document.get("reference") : null;
        if (reference != null && reference.isString()) {
            all.add(new Found(path, reference.asString().getValue()));
        }
        document.forEach((name, value) -> {
            String holds = holds(type, name);
            if (holds != null) {
                value(path + "." + name, holds, value);
            }
        });
    }

    /** The extensions of a primitive stand beside it. */
    private static @Nullable String holds(TypeDefinition type, String name) {
        ElementDefinition element = type.element(name);
        return element != null ? element.type() : name.startsWith("_") ? "Element" : null;
    }

    private void value(String path, String holds, BsonValue value) {
        if (value.isArray()) {
            List<BsonValue> values = value.asArray();
            for (int i = 0; i < values.size(); i++) {
                value(path + "[" + i + "]", holds, values.get(i));
            }
        } else if (value.isDocument() && holds.equals("Resource")) {
            resource(path, value.asDocument());
        } else if (value.isDocument()) {
            document(path, holds, value.asDocument());
        }
    }
}
