package miroir.index.patch;

import java.util.ArrayList;
import java.util.List;
import miroir.index.json.Shortened;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * JSON Patch (RFC 6902). It knows nothing of FHIR but the form of its names, and works on what is stored: what no operation
 * touches keeps its order, its letters and the digits of its numbers.
 */
public final class JsonPatch implements Patch {
    private static final String ALLOWED = "allowed are add, remove, replace, move, copy, test";

    private final List<JsonOperation> operations;

    private JsonPatch(List<JsonOperation> operations) {
        this.operations = operations;
    }

    /** The patch with these operations, numbered from 0; a {@link miroir.index.Refusal} where one is none. */
    public static JsonPatch of(BsonDocument array) {
        Operations.checkCount(array.size());
        List<JsonOperation> operations = new ArrayList<>();
        for (BsonValue value : LooseCopy.of(array).values()) {
            try {
                operations.add(operation(value));
            } catch (PatchFailed e) {
                throw Operations.refused(e, operations.size(), "", null);
            }
        }
        return new JsonPatch(operations);
    }

    @Override
    public RawBsonDocument applyTo(RawBsonDocument resource, Deadline deadline) {
        CopiedBytes copied = CopiedBytes.into(resource);
        return new Operations(operations.stream()
                        .map(operation -> new Bound(operation, copied))
                        .toList())
                .applyTo(resource, deadline);
    }

    /** An operation of one application of the patch. */
    private record Bound(JsonOperation operation, CopiedBytes copied) implements Operations.Operation {
        @Override
        public BsonValue applyTo(BsonValue whole) {
            return operation.applyTo(whole, copied);
        }

        @Override
        public @Nullable String expression() {
            return null;
        }

        @Override
        public String toString() {
            return operation.kind() + " " + Shortened.quote(operation.path().text());
        }
    }

    private static JsonOperation operation(BsonValue value) {
        if (!(value instanceof BsonDocument members)) {
            throw PatchFailed.malformed("an operation is an object with op and path");
        }
        String op = text(members, "op");
        JsonPointer path = JsonPointer.parse(text(members, "path"));
        return switch (op) {
            case "add" -> new JsonOperation.Add(path, value(members));
            case "remove" -> new JsonOperation.Remove(path);
            case "replace" -> new JsonOperation.Replace(path, value(members));
            case "move" -> new JsonOperation.Move(JsonPointer.parse(text(members, "from")), path);
            case "copy" -> new JsonOperation.Copy(JsonPointer.parse(text(members, "from")), path);
            case "test" -> new JsonOperation.Test(path, value(members));
            default -> throw PatchFailed.malformed("op is " + Shortened.quote(op) + "; " + ALLOWED);
        };
    }

    private static String text(BsonDocument members, String name) {
        if (members.get(name) instanceof BsonString text) {
            return text.getValue();
        }
        throw PatchFailed.malformed(name + " is missing or no string" + (name.equals("op") ? "; " + ALLOWED : ""));
    }

    /** It may be null, which is not the same as missing. */
    private static BsonValue value(BsonDocument members) {
        BsonValue value = members.get("value");
        if (value == null) {
            throw PatchFailed.malformed("value is missing");
        }
        return value;
    }
}
