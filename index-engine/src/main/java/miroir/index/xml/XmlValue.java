package miroir.index.xml;

import java.util.regex.Pattern;
import miroir.index.json.DecimalText;
import miroir.index.json.Primitive;
import miroir.index.json.RawBson;
import miroir.index.json.RawBsonOutput;
import org.bson.types.Decimal128;

/**
 * The text of a {@code value} attribute as the BSON that the same value in JSON becomes: booleans and numbers as such,
 * everything else as text. What does not look like its type stays text too, for the check of structure to refuse.
 */
final class XmlValue {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,16})");

    /** The type of a number that cannot be kept exactly. */
    static final byte NONE = 0;

    private XmlValue() {}

    /** Puts the value and returns its BSON type, or {@link #NONE}. */
    static byte put(RawBsonOutput out, Primitive primitive, String text) {
        return switch (primitive) {
            case BOOLEAN -> bool(out, text);
            case DECIMAL, INTEGER, POSITIVEINT, UNSIGNEDINT -> number(out, text);
            default -> string(out, text);
        };
    }

    static byte string(RawBsonOutput out, String text) {
        return out.putString(text.toCharArray(), 0, text.length()) ? RawBson.STRING : NONE;
    }

    private static byte bool(RawBsonOutput out, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            return string(out, text);
        }
        out.putBoolean(text.equals("true"));
        return RawBson.BOOLEAN;
    }

    private static byte number(RawBsonOutput out, String text) {
        if (!NUMBER.matcher(text).matches()) {
            return string(out, text);
        }
        if (!WHOLE.matcher(text).matches() || text.equals("-0")) {
            return decimal(out, text);
        }
        long value = Long.parseLong(text);
        if (value == (int) value) {
            out.putInt((int) value);
            return RawBson.INT32;
        }
        out.putLong(value);
        return RawBson.INT64;
    }

    private static byte decimal(RawBsonOutput out, String text) {
        Decimal128 value = DecimalText.parse(text);
        if (value == null) {
            return NONE;
        }
        out.putDecimal(value);
        return RawBson.DECIMAL128;
    }
}
