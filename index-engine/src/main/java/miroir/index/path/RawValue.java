package miroir.index.path;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bson.RawBsonDocument;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * A value inside a stored resource, seen in place. It holds the bytes of the whole resource, so it should not outlive the
 * walk that made it.
 */
public final class RawValue {
    private final byte[] bytes;
    private final int root;
    private final byte type;
    private final int at;

    RawValue(byte[] bytes, int root, byte type, int at) {
        this.bytes = bytes;
        this.root = root;
        this.type = type;
        this.at = at;
    }

    /** The whole resource. */
    public static RawValue of(RawBsonDocument resource) {
        ByteBuffer buffer = resource.getByteBuffer().asNIO();
        int root = buffer.arrayOffset() + buffer.position();
        return new RawValue(buffer.array(), root, RawBytes.DOCUMENT, root);
    }

    /** The resource that it is part of. */
    RawValue resource() {
        return new RawValue(bytes, root, RawBytes.DOCUMENT, root);
    }

    /** Whether it is the resource itself, and no part of it. */
    public boolean isWhole() {
        return type == RawBytes.DOCUMENT && at == root;
    }

    /** Whether it is a complex element. */
    public boolean isDocument() {
        return type == RawBytes.DOCUMENT;
    }

    /** The text of a string, or null when it is something else. */
    public @Nullable String text() {
        return type == RawBytes.STRING
                ? new String(bytes, at + 4, RawBytes.int32(bytes, at) - 1, StandardCharsets.UTF_8)
                : null;
    }

    /** The truth of a boolean, or null. */
    public @Nullable Boolean truth() {
        return type == RawBytes.BOOLEAN ? bytes[at] != 0 : null;
    }

    /** The value of a number with the digits that it was written with, or null. */
    public @Nullable BigDecimal number() {
        if (type == RawBytes.INT32) {
            return BigDecimal.valueOf(RawBytes.int32(bytes, at));
        }
        if (type == RawBytes.INT64) {
            return BigDecimal.valueOf(RawBytes.int64(bytes, at));
        }
        if (type == RawBytes.DECIMAL128) {
            Decimal128 decimal =
                    Decimal128.fromIEEE754BIDEncoding(RawBytes.int64(bytes, at + 8), RawBytes.int64(bytes, at));
            return decimal.isNaN() || decimal.isInfinite() ? null : exact(decimal);
        }
        return type == RawBytes.DOUBLE ? BigDecimal.valueOf(Double.longBitsToDouble(RawBytes.int64(bytes, at))) : null;
    }

    /** Negative zero is a number in FHIR like any other zero; {@code bigDecimalValue()} refuses it. */
    private static BigDecimal exact(Decimal128 decimal) {
        boolean negativeZero = decimal.isNegative() && decimal.toString().matches("-0[0.]*(E.*)?");
        return negativeZero ? new BigDecimal(decimal.toString()) : decimal.bigDecimalValue();
    }

    /** The element with that name, or null when this is no document or has none. */
    public @Nullable RawValue get(String name) {
        if (type != RawBytes.DOCUMENT) {
            return null;
        }
        int next = at + 4;
        while (bytes[next] != 0) {
            int end = RawBytes.endOfName(bytes, next + 1);
            if (RawBytes.isName(bytes, next + 1, end, name)) {
                return new RawValue(bytes, root, bytes[next], end + 1);
            }
            next = RawBytes.end(bytes, bytes[next], end + 1);
        }
        return null;
    }

    /** The text of the element with that name, or null. */
    public @Nullable String text(String name) {
        RawValue value = get(name);
        return value == null ? null : value.text();
    }

    /** The values of the repeating element with that name, without nulls; one value counts as a list of one. */
    public List<RawValue> all(String name) {
        RawValue value = get(name);
        if (value == null || value.type == RawBytes.NULL) {
            return List.of();
        }
        return value.type == RawBytes.ARRAY ? value.elements() : List.of(value);
    }

    /** What is told of values one after the other; false: no more of them are wanted. */
    @FunctionalInterface
    public interface Visitor {
        boolean visit(RawValue value);
    }

    /** Tells of the values that {@link #all} has, and makes no list of them; false where no more were wanted. */
    public boolean each(String name, Visitor visitor) {
        RawValue value = get(name);
        if (value == null || value.type == RawBytes.NULL) {
            return true;
        }
        return value.type == RawBytes.ARRAY ? value.eachElement(visitor) : visitor.visit(value);
    }

    private boolean eachElement(Visitor visitor) {
        int next = at + 4;
        while (bytes[next] != 0) {
            int value = RawBytes.endOfName(bytes, next + 1) + 1;
            if (bytes[next] != RawBytes.NULL && !visitor.visit(new RawValue(bytes, root, bytes[next], value))) {
                return false;
            }
            next = RawBytes.end(bytes, bytes[next], value);
        }
        return true;
    }

    /** The values that {@link #all} has, with null in the places of nulls: what stands beside primitives is found by its place. */
    public List<@Nullable RawValue> places(String name) {
        RawValue value = get(name);
        if (value == null || value.type != RawBytes.ARRAY) {
            return value == null || value.type == RawBytes.NULL ? List.of() : List.of(value);
        }
        List<@Nullable RawValue> places = new ArrayList<>();
        int next = value.at + 4;
        while (bytes[next] != 0) {
            int start = RawBytes.endOfName(bytes, next + 1) + 1;
            places.add(bytes[next] == RawBytes.NULL ? null : new RawValue(bytes, root, bytes[next], start));
            next = RawBytes.end(bytes, bytes[next], start);
        }
        return places;
    }

    /** A complex element, or the whole resource, as a document. */
    public RawBsonDocument document() {
        if (type != RawBytes.DOCUMENT) {
            throw new IllegalStateException("a primitive is no document");
        }
        return new RawBsonDocument(bytes, at, RawBytes.int32(bytes, at));
    }

    private List<RawValue> elements() {
        List<RawValue> elements = new ArrayList<>();
        int next = at + 4;
        while (bytes[next] != 0) {
            int value = RawBytes.endOfName(bytes, next + 1) + 1;
            if (bytes[next] != RawBytes.NULL) {
                elements.add(new RawValue(bytes, root, bytes[next], value));
            }
            next = RawBytes.end(bytes, bytes[next], value);
        }
        return elements;
    }

    byte[] bytes() {
        return bytes;
    }

    int root() {
        return root;
    }

    byte type() {
        return type;
    }

    int at() {
        return at;
    }
}
