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
 * @param uncontained those of them that are to something contained which is not there
 */
public record LiteralReferences(List<Found> all, List<Found> uncontained) {
    private static final Structures STRUCTURES = Structures.r4();

    /**
     * One of them.
     *
     * @param path the FHIRPath of the Reference
     */
    public record Found(String path, String reference) {}

    /** Those of a resource that has the right structure. */
    public static LiteralReferences in(BsonDocument resource) {
        LiteralReferences found = new LiteralReferences(new ArrayList<>(), new ArrayList<>());
        found.resource(type(resource), resource, contained(resource));
        return found;
    }

    private static Set<String> contained(BsonDocument resource) {
        Set<String> ids = new HashSet<>();
        for (BsonValue each : resource.getArray("contained", new BsonArray())) {
            if (each.isDocument() && each.asDocument().get("id") != null) {
                ids.add(each.asDocument().getString("id").getValue());
            }
        }
        return ids;
    }

    private static String type(BsonDocument resource) {
        return resource.getString("resourceType").getValue();
    }

    /** What is contained refers to what is contained beside it; a resource in another one has what it contains itself. */
    private void resource(String path, BsonDocument resource, Set<String> contained) {
        String type = type(resource);
        if (!type.equals("Bundle")) {
            document(path, type, resource, contained);
        }
    }

    private void document(String path, String typeName, BsonDocument document, Set<String> contained) {
        TypeDefinition type = STRUCTURES.type(typeName);
        if (type == null) {
            return;
        }
        BsonValue reference = typeName.equals("Reference") ? document.get("reference") : null;
        if (reference != null && reference.isString()) {
            add(new Found(path, reference.asString().getValue()), contained);
        }
        document.forEach((name, value) -> {
            String holds = holds(type, name);
            if (holds != null) {
                boolean inside = name.equals("contained");
                value(path + "." + name, holds, value, inside, contained);
            }
        });
    }

    private void add(Found found, Set<String> contained) {
        all.add(found);
        String to = found.reference();
        if (to.startsWith("#") && to.length() > 1 && !contained.contains(to.substring(1))) {
            uncontained.add(found);
        }
    }

    /** The extensions of a primitive stand beside it. */
    private static @Nullable String holds(TypeDefinition type, String name) {
        ElementDefinition element = type.element(name);
        return element != null ? element.type() : name.startsWith("_") ? "Element" : null;
    }

    private void value(String path, String holds, BsonValue value, boolean inside, Set<String> contained) {
        if (value.isArray()) {
            List<BsonValue> values = value.asArray();
            for (int i = 0; i < values.size(); i++) {
                value(path + "[" + i + "]", holds, values.get(i), inside, contained);
            }
        } else if (value.isDocument() && holds.equals("Resource")) {
            resource(path, value.asDocument(), inside ? contained : contained(value.asDocument()));
        } else if (value.isDocument()) {
            document(path, holds, value.asDocument(), contained);
        }
    }
}
