package miroir.index.json;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.BOOLEAN;
import static miroir.index.json.RawBson.DECIMAL128;
import static miroir.index.json.RawBson.DOCUMENT;
import static miroir.index.json.RawBson.INT32;
import static miroir.index.json.RawBson.INT64;
import static miroir.index.json.RawBson.NULL;
import static miroir.index.json.RawBson.STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import org.bson.RawBsonDocument;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/** One reading of one JSON text: tokens in, BSON out, with the path at hand for whatever is wrong. */
final class JsonToBson {
    private final JsonParser json;
    private final int maxDepth;
    private final RawBsonOutput out;
    private final ElementPath path = new ElementPath();
    private final List<NameSet> namesByDepth = new ArrayList<>();
    private @Nullable BundleLimits bundle;

    JsonToBson(JsonParser json, int length, int maxDepth) {
        this.json = json;
        this.maxDepth = maxDepth;
        this.out = new RawBsonOutput(length + length / 4 + 64);
    }

    /** One way to read the whole text. */
    private interface Reading {
        void run() throws IOException;
    }

    /** Reads a text that is an object. */
    RawBsonDocument read() {
        return read(this::readObject);
    }

    /** Reads a text that is an object, and ends where it is more than a bundle may be. */
    RawBsonDocument readBundle(BundleLimits limits) {
        bundle = limits;
        return read(this::readObject);
    }

    /** Reads a text that is an array, of which the path calls the elements {@code Patch.operation}. */
    RawBsonDocument readOperations() {
        path.root("Patch");
        path.enter("operation");
        return read(this::readArray);
    }

    private RawBsonDocument read(Reading reading) {
        try {
            reading.run();
            if (json.nextToken() != null) {
                throw refuse(Reason.INVALID, "something follows the end of the body" + where());
            }
            return out.toDocument();
        } catch (StreamConstraintsException e) {
            throw refuse(Reason.TOO_LARGE, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw refuse(Reason.INVALID, "not valid JSON: " + e.getOriginalMessage() + where(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the reading stopped, as FHIRPath. */
    String path() {
        return path.toString();
    }

    private void readObject() throws IOException {
        begin(JsonToken.START_OBJECT, "a resource is a JSON object");
        object(1);
    }

    private void readArray() throws IOException {
        begin(JsonToken.START_ARRAY, "a JSON Patch is a JSON array of operations");
        array(1);
    }

    private void begin(JsonToken wanted, String allowed) throws IOException {
        JsonToken first = json.nextToken();
        if (first != wanted) {
            throw refuse(
                    Reason.INVALID,
                    first == null ? "the body is empty; " + allowed : allowed + ", not " + described(first));
        }
    }

    private void object(int depth) throws IOException {
        NameSet names = names(depth);
        int start = out.open();
        String name = "";
        while (nextName(name) != JsonToken.END_OBJECT) {
            name = json.currentName();
            path.enter(name);
            checkName(name, names);
            int typeAt = out.element(name);
            JsonToken token = json.nextToken();
            if (depth == 1 && token == JsonToken.VALUE_STRING && name.equals("resourceType")) {
                path.root(json.getText());
            }
            out.type(typeAt, value(token, depth));
            path.leave();
        }
        out.close(start);
    }

    /** The parser looks at the value while it reads the name, so what is wrong there belongs to the new name. */
    private JsonToken nextName(String previous) throws IOException {
        try {
            return json.nextToken();
        } catch (JsonProcessingException e) {
            String name = json.currentName();
            if (name != null && !name.equals(previous)) {
                path.enter(name);
            }
            throw e;
        }
    }

    private void array(int depth) throws IOException {
        int start = out.open();
        JsonToken token = json.nextToken();
        for (int index = 0; token != JsonToken.END_ARRAY; index++) {
            path.index(index);
            checkBundle(depth, index);
            int typeAt = out.element(index);
            if (token == JsonToken.START_ARRAY) {
                throw refuse(Reason.INVALID, "an array directly in an array; FHIR has none");
            }
            out.type(typeAt, value(token, depth));
            token = json.nextToken();
        }
        out.close(start);
    }

    private void checkBundle(int depth, int index) {
        if (bundle == null) {
            return;
        }
        if (depth == 2 && index >= bundle.maxEntries()) {
            throw refuse(Reason.TOO_LARGE, bundle.tooMany());
        }
        if (out.size() > bundle.maxBson()) {
            throw refuse(
                    Reason.TOO_LARGE,
                    "the bundle takes more than " + bundle.maxBson()
                            + " bytes as it is read, which is the limit here (twice limits.bundle in"
                            + " server.yaml)");
        }
    }

    private byte value(JsonToken token, int depth) throws IOException {
        switch (token) {
            case START_OBJECT -> {
                checkDepth(depth);
                object(depth + 1);
                return DOCUMENT;
            }
            case START_ARRAY -> {
                checkDepth(depth);
                array(depth + 1);
                return ARRAY;
            }
            case VALUE_STRING -> {
                return string();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                out.putBoolean(token == JsonToken.VALUE_TRUE);
                return BOOLEAN;
            }
            case VALUE_NULL -> {
                return NULL;
            }
            case VALUE_NUMBER_INT -> {
                return wholeNumber();
            }
            default -> {
                return decimal();
            }
        }
    }

    private byte string() throws IOException {
        if (!out.putString(json.getTextCharacters(), json.getTextOffset(), json.getTextLength())) {
            throw refuse(
                    Reason.INVALID,
                    Shortened.quote(json.getText())
                            + " holds a NUL or half of a surrogate pair; allowed are Unicode characters");
        }
        return STRING;
    }

    /** Minus zero is kept as a decimal, because an integer has no room for the sign. */
    private byte wholeNumber() throws IOException {
        if (json.getTextLength() > 18) {
            return decimal();
        }
        long value = json.getLongValue();
        if (value == (int) value && (value != 0 || json.getTextLength() == 1)) {
            out.putInt((int) value);
            return INT32;
        }
        if (value == 0) {
            return decimal();
        }
        out.putLong(value);
        return INT64;
    }

    private byte decimal() throws IOException {
        Decimal128 value = DecimalText.parse(json.getText());
        if (value == null) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    Shortened.quote(json.getText()) + " cannot be kept exactly; allowed are 34 significant digits"
                            + " and exponents from -6176 to 6111");
        }
        out.putDecimal(value);
        return DECIMAL128;
    }

    private void checkName(String name, NameSet names) {
        if (!names.add(name)) {
            throw refuse(Reason.INVALID, "the element " + Shortened.quote(name) + " occurs twice in one object");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isNamePart(name.charAt(i))) {
                throw refuse(
                        Reason.INVALID,
                        Shortened.quote(name) + " is not an element; their names consist of letters and digits");
            }
        }
    }

    private static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private void checkDepth(int depth) {
        if (depth >= maxDepth) {
            throw refuse(
                    Reason.TOO_LARGE,
                    "objects and arrays are nested more than " + maxDepth + " deep, which is the limit");
        }
    }

    private NameSet names(int depth) {
        while (namesByDepth.size() < depth) {
            namesByDepth.add(new NameSet());
        }
        NameSet names = namesByDepth.get(depth - 1);
        names.clear();
        return names;
    }

    private Refusal refuse(Reason reason, String message) {
        return new Refusal(reason, message, path());
    }

    private String where() {
        return " (line " + json.currentTokenLocation().getLineNr() + ", column "
                + json.currentTokenLocation().getColumnNr() + ")";
    }

    private static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    private static String described(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> "a bare value";
        };
    }
}
