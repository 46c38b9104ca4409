package miroir.index.patch;

import java.util.Locale;
import java.util.regex.Pattern;
import miroir.index.json.Shortened;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** One operation of a JSON Patch. */
sealed interface JsonOperation {
    /** Those of FHIR; whatever else a name has in it would have to be escaped wherever names are written. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");

    JsonPointer path();

    /** The whole after it. */
    BsonValue applyTo(BsonValue whole, CopiedBytes copied);

    /** Its name in RFC 6902. */
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    record Add(JsonPointer path, BsonValue value) implements JsonOperation {
        @Override
        public BsonValue applyTo(BsonValue whole, CopiedBytes copied) {
            return added(whole, path, value);
        }
    }

    record Remove(JsonPointer path) implements JsonOperation {
        @Override
        public BsonValue applyTo(BsonValue whole, CopiedBytes copied) {
            return removed(whole, path);
        }
    }

    record Replace(JsonPointer path, BsonValue value) implements JsonOperation {
        @Override
        public BsonValue applyTo(BsonValue whole, CopiedBytes copied) {
            path.in(whole);
            return path.isRoot()
                    ? value
                    : path.changed(whole, (container, token) -> JsonPointer.with(container, token, value));
        }
    }

    record Move(JsonPointer from, JsonPointer path) implements JsonOperation {
        @Override
        public BsonValue applyTo(BsonValue whole, CopiedBytes copied) {
            if (from.isAbove(path)) {
                throw PatchFailed.unfit(Shortened.quote(from.text()) + " cannot be moved into itself");
            }
            BsonValue moved = from.in(whole);
            return from.equals(path) ? whole : added(removed(whole, from), path, moved);
        }
    }

    record Copy(JsonPointer from, JsonPointer path) implements JsonOperation {
        @Override
        public BsonValue applyTo(BsonValue whole, CopiedBytes copied) {
            return added(whole, path, copied.of(from.in(whole)));
        }
    }

    record Test(JsonPointer path, BsonValue value) implements JsonOperation {
        @Override
        public BsonValue applyTo(BsonValue whole, CopiedBytes copied) {
            if (!SameValue.of(path.in(whole), value)) {
                throw PatchFailed.unfit("the test fails: another value is there");
            }
            return whole;
        }
    }

    private static BsonValue removed(BsonValue whole, JsonPointer path) {
        path.in(whole);
        if (path.isRoot()) {
            throw PatchFailed.unfit("the whole resource cannot be removed; DELETE does that");
        }
        return path.changed(whole, JsonOperation::without);
    }

    private static BsonValue without(BsonValue container, String token) {
        if (container instanceof BsonArray array) {
            BsonArray copy = new BsonArray(array);
            copy.remove(JsonPointer.index(token));
            return copy;
        }
        BsonDocument copy = LooseCopy.of(container.asDocument());
        copy.remove(token);
        return copy;
    }

    private static BsonValue added(BsonValue whole, JsonPointer path, BsonValue value) {
        return path.isRoot() ? value : path.changed(whole, (container, token) -> with(container, token, value, path));
    }

    private static BsonValue with(BsonValue container, String token, BsonValue value, JsonPointer path) {
        if (container instanceof BsonDocument) {
            if (!NAME.matcher(token).matches()) {
                throw PatchFailed.unfit(
                        Shortened.quote(token) + " is not an element; their names consist of letters and digits");
            }
            return JsonPointer.with(container, token, value);
        }
        if (container instanceof BsonArray array) {
            return inserted(array, token, value);
        }
        throw PatchFailed.unfit("nothing can be at " + Shortened.quote(path.text())
                + "; what would hold it is neither an object nor an array");
    }

    private static BsonArray inserted(BsonArray array, String token, BsonValue value) {
        int size = array.size();
        int index = token.equals("-") ? size : JsonPointer.index(token);
        if (index < 0 || index > size) {
            throw PatchFailed.unfit(Shortened.quote(token) + " is no place in an array of " + size
                    + "; allowed are 0 to " + size + ", and - for its end");
        }
        BsonArray copy = new BsonArray(array);
        copy.add(index, value);
        return copy;
    }
}
