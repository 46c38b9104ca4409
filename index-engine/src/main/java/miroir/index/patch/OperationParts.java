package miroir.index.patch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.json.Shortened;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** The parts of one operation of a FHIRPath Patch, by their names. */
record OperationParts(Map<String, BsonDocument> all) {

    /** Those of a parameter that is an operation. */
    static OperationParts of(BsonDocument parameter) {
        String name = name(parameter);
        if (!name.equals("operation")) {
            throw PatchFailed.malformed(
                    "the parameter " + Shortened.quote(name) + " is not known; allowed is operation");
        }
        Map<String, BsonDocument> parts = new LinkedHashMap<>();
        for (BsonValue part : parameter.getArray("part", new BsonArray())) {
            String of = name(part.asDocument());
            if (parts.put(of, part.asDocument()) != null) {
                throw PatchFailed.malformed("the part " + Shortened.quote(of) + " is given twice");
            }
        }
        return new OperationParts(parts);
    }

    /** Its name, which may have extensions and no value. */
    static String name(BsonDocument parameter) {
        if (parameter.get("name") instanceof BsonString name) {
            return name.getValue();
        }
        throw PatchFailed.malformed("a parameter has no name");
    }

    /** Refuses parts that mean nothing for the operation. */
    OperationParts only(List<String> allowed) {
        for (String name : all.keySet()) {
            if (!allowed.contains(name)) {
                throw PatchFailed.malformed("the part " + Shortened.quote(name) + " means nothing here; allowed are "
                        + String.join(", ", allowed));
            }
        }
        return this;
    }

    String text(String name) {
        if (value(name) instanceof BsonString text) {
            return text.getValue();
        }
        throw PatchFailed.malformed("the part " + name + " is not text");
    }

    int index(String name) {
        if (value(name) instanceof BsonInt32 index && index.getValue() >= 0) {
            return index.getValue();
        }
        throw PatchFailed.malformed("the part " + name + " is not a number from 0");
    }

    BsonDocument part(String name) {
        BsonDocument part = all.get(name);
        if (part == null) {
            throw PatchFailed.malformed("the part " + name + " is missing");
        }
        return part;
    }

    private @Nullable BsonValue value(String name) {
        BsonDocument part = part(name);
        return part.keySet().stream()
                .filter(key -> key.startsWith("value"))
                .findFirst()
                .map(part::get)
                .orElse(null);
    }
}
