package miroir.index.json;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The primitive types of FHIR R4: which JSON value each has, and what its text must look like. */
public enum Primitive {
    BASE64BINARY("base64Binary", "base64 text, in groups of four"),
    BOOLEAN("boolean", "true or false"),
    CANONICAL("canonical", "a URL without spaces"),
    CODE("code", "a code without spaces at its ends or double spaces inside"),
    DATE("date", "an existing date as YYYY, YYYY-MM or YYYY-MM-DD"),
    DATETIME("dateTime", "a date (YYYY, YYYY-MM, YYYY-MM-DD) or YYYY-MM-DDThh:mm:ss with a time zone"),
    DECIMAL("decimal", "a number"),
    ID("id", "1 to 64 letters, digits, '-' and '.'"),
    INSTANT("instant", "YYYY-MM-DDThh:mm:ss with a time zone"),
    INTEGER("integer", "a whole number from -2147483648 to 2147483647"),
    MARKDOWN("markdown", "text without control characters"),
    OID("oid", "urn:oid: and numbers between points"),
    POSITIVEINT("positiveInt", "a whole number from 1 to 2147483647"),
    STRING("string", "text without control characters"),
    TIME("time", "hh:mm:ss"),
    UNSIGNEDINT("unsignedInt", "a whole number from 0 to 2147483647"),
    URI("uri", "a URI without spaces"),
    URL("url", "a URL without spaces"),
    UUID("uuid", "urn:uuid: and a UUID in lower case"),
    XHTML("xhtml", "XHTML that starts with <div");

    private static final Map<String, Primitive> BY_CODE =
            Stream.of(values()).collect(Collectors.toMap(p -> p.code, Function.identity()));

    private static final int UUID_LENGTH = 36;

    private final String code;
    private final String allowed;

    Primitive(String code, String allowed) {
        this.code = code;
        this.allowed = allowed;
    }

    /** The primitive of that name, or null. */
    static @Nullable Primitive of(String code) {
        return BY_CODE.get(code);
    }

    /** What is allowed, for people. */
    public String allowed() {
        return code + " is " + allowed;
    }

    /** Whether this BSON value is one. */
    boolean accepts(byte type, byte[] bson, int at) {
        return switch (this) {
            case BOOLEAN -> type == RawBson.BOOLEAN;
            case DECIMAL -> type == RawBson.INT32 || type == RawBson.INT64 || type == RawBson.DECIMAL128;
            case INTEGER, POSITIVEINT, UNSIGNEDINT -> type == RawBson.INT32 && RawBson.intAt(bson, at) >= least();
            default -> type == RawBson.STRING && isText(bson, at + 4, at + 3 + RawBson.intAt(bson, at));
        };
    }

    private boolean isText(byte[] text, int from, int to) {
        if (from == to) {
            return false;
        }
        return switch (this) {
            case BASE64BINARY -> isBase64(text, from, to);
            case CANONICAL, URI, URL -> isUri(text, from, to);
            case CODE -> isCode(text, from, to);
            case DATE -> TimeText.isDate(text, from, to);
            case DATETIME -> TimeText.isDateTime(text, from, to);
            case ID -> isId(text, from, to);
            case INSTANT -> TimeText.isInstant(text, from, to);
            case OID -> isUrn("urn:oid:", text, from, to);
            case TIME -> TimeText.isTime(text, from, to);
            case UUID -> isUrn("urn:uuid:", text, from, to);
            case XHTML -> isDiv(text, from, to);
            default -> isString(text, from, to);
        };
    }

    private int least() {
        return switch (this) {
            case POSITIVEINT -> 1;
            case UNSIGNEDINT -> 0;
            default -> Integer.MIN_VALUE;
        };
    }

    private static boolean isString(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    private static boolean isUri(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] >= 0 && text[i] <= ' ') {
                return false;
            }
        }
        return true;
    }

    private static boolean isCode(byte[] text, int from, int to) {
        boolean afterSpace = true;
        for (int i = from; i < to; i++) {
            boolean space = text[i] >= 0 && text[i] <= ' ';
            if (space && afterSpace) {
                return false;
            }
            afterSpace = space;
        }
        return !afterSpace;
    }

    private static boolean isId(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isLetterOrDigit(text[i]) && text[i] != '-' && text[i] != '.') {
                return false;
            }
        }
        return to - from <= 64;
    }

    private static boolean isBase64(byte[] text, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (isLetterOrDigit(b) || b == '+' || b == '/' || b == '=') {
                length++;
            } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return length > 0 && length % 4 == 0;
    }

    private static boolean isUrn(String prefix, byte[] text, int from, int to) {
        int rest = from + prefix.length();
        if (to <= rest || !RawBson.isText(text, from, rest, prefix)) {
            return false;
        }
        String value = RawBson.text(text, rest, to);
        return prefix.equals("urn:oid:")
                ? isOid(value)
                : value.length() == UUID_LENGTH
                        && value.equals(value.toLowerCase(Locale.ROOT))
                        && value.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    /** Arcs with points between them, none with a zero before it; an expression would need a stack as deep as the text is long. */
    private static boolean isOid(String value) {
        String[] arcs = value.split("\\.", -1);
        if (arcs.length < 2 || arcs[0].length() != 1 || arcs[0].charAt(0) > '2') {
            return false;
        }
        for (String arc : arcs) {
            if (!isNumber(arc) || (arc.length() > 1 && arc.charAt(0) == '0')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(letter -> letter >= '0' && letter <= '9');
    }

    /** Whether it is a div element is all that is asked here: what is in it is escaped wherever it is shown. */
    private static boolean isDiv(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= 0 && text[at] <= ' ') {
            at++;
        }
        int end = at + "<div".length();
        return end < to
                && RawBson.isText(text, at, end, "<div")
                && (text[end] == '>' || text[end] == '/' || (text[end] >= 0 && text[end] <= ' '));
    }

    private static boolean isLetterOrDigit(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
    }
}
