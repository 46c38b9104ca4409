package miroir.index.json;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.BOOLEAN;
import static miroir.index.json.RawBson.DECIMAL128;
import static miroir.index.json.RawBson.DOCUMENT;
import static miroir.index.json.RawBson.DOUBLE;
import static miroir.index.json.RawBson.INT32;
import static miroir.index.json.RawBson.INT64;
import static miroir.index.json.RawBson.NULL;
import static miroir.index.json.RawBson.STRING;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bson.BsonType;
import org.bson.RawBsonDocument;

/**
 * Writes stored resources as FHIR JSON.
 *
 * <p>The model of a resource costs a hundred times more than its text, and the driver's JSON printer knows nothing of
 * FHIR decimals. But BSON has the shape of JSON: each element is a type, a name that ends with a zero byte and a value
 * whose length is known, and its strings are UTF-8 already. So one walk over the bytes copies names and strings as they
 * are (nearly all need no escape) and formats only numbers. Nothing is decoded, nothing is allocated but the buffer.
 */
public final class ResourceWriter {
    private final byte[] bson;
    private final Utf8Buffer out;
    private final boolean pretty;
    private int depth;

    private ResourceWriter(byte[] bson, Utf8Buffer out, boolean pretty, int depth) {
        this.bson = bson;
        this.out = out;
        this.pretty = pretty;
        this.depth = depth;
    }

    /** Appends the resource as a JSON object. */
    public static void write(RawBsonDocument resource, Utf8Buffer out, boolean pretty) {
        write(resource, out, pretty, 0);
    }

    /** The same inside of something else, such as an entry of a bundle, whose indentation level is {@code depth}. */
    public static void write(RawBsonDocument resource, Utf8Buffer out, boolean pretty, int depth) {
        ByteBuffer bytes = resource.getByteBuffer().asNIO();
        new ResourceWriter(bytes.array(), out, pretty, depth).object(bytes.arrayOffset() + bytes.position());
    }

    /** Starts a new line at this indentation level, as {@link #write} does between elements when it is pretty. */
    public static void newLine(Utf8Buffer out, int depth) {
        out.putByte('\n');
        for (int i = 0; i < depth; i++) {
            out.putByte(' ');
            out.putByte(' ');
        }
    }

    /** The text of one number. */
    public static String number(byte[] bson, byte type, int at) {
        Utf8Buffer text = new Utf8Buffer(40);
        new ResourceWriter(bson, text, false, 0).number(type, at);
        return new String(text.array(), 0, text.size(), StandardCharsets.UTF_8);
    }

    private int object(int start) {
        int at = start + 4;
        out.putByte('{');
        depth++;
        for (boolean first = true; bson[at] != 0; first = false) {
            separate(first);
            int name = at + 1;
            int end = RawBson.endOfName(bson, name);
            out.putQuoted(bson, name, end);
            out.putByte(':');
            if (pretty) {
                out.putByte(' ');
            }
            at = value(bson[at], end + 1);
        }
        return close(start, at, '}');
    }

    private int array(int start) {
        int at = start + 4;
        out.putByte('[');
        depth++;
        for (boolean first = true; bson[at] != 0; first = false) {
            separate(first);
            at = value(bson[at], RawBson.endOfName(bson, at + 1) + 1);
        }
        return close(start, at, ']');
    }

    private int close(int start, int at, char bracket) {
        depth--;
        if (pretty && at > start + 4) {
            newLine(out, depth);
        }
        out.putByte(bracket);
        return at + 1;
    }

    private void separate(boolean first) {
        if (!first) {
            out.putByte(',');
        }
        if (pretty) {
            newLine(out, depth);
        }
    }

    /** Writes the value that starts here; returns where the next element starts. */
    private int value(byte type, int at) {
        switch (type) {
            case STRING -> {
                int end = at + 4 + RawBson.intAt(bson, at);
                out.putQuoted(bson, at + 4, end - 1);
                return end;
            }
            case DOCUMENT -> {
                return object(at);
            }
            case ARRAY -> {
                return array(at);
            }
            case BOOLEAN -> {
                out.putAscii(bson[at] != 0 ? "true" : "false");
                return at + 1;
            }
            case NULL -> {
                out.putAscii("null");
                return at;
            }
            default -> {
                return number(type, at);
            }
        }
    }

    private int number(byte type, int at) {
        switch (type) {
            case INT32 -> {
                out.putLong(RawBson.intAt(bson, at));
                return at + 4;
            }
            case DECIMAL128 -> {
                DecimalText.put(out, RawBson.longAt(bson, at + 8), RawBson.longAt(bson, at));
                return at + 16;
            }
            case INT64 -> {
                out.putLong(RawBson.longAt(bson, at));
                return at + 8;
            }
            case DOUBLE -> {
                out.putAscii(finite(Double.longBitsToDouble(RawBson.longAt(bson, at))));
                return at + 8;
            }
            default ->
                throw new IllegalArgumentException(
                        "FHIR JSON has no form for a BSON value of type " + BsonType.findByValue(type)
                                + "; a resource holds strings, numbers, booleans, objects and arrays");
        }
    }

    private static String finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("JSON has no form for the double " + value);
        }
        return Double.toString(value);
    }
}
