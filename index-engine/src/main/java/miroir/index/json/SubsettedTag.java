package miroir.index.json;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.DOCUMENT;
import static miroir.index.json.RawBson.STRING;

import java.nio.ByteBuffer;
import org.bson.RawBsonDocument;

/** The tag of a resource of which only parts were answered, by which nobody takes the parts for the whole. */
public final class SubsettedTag {
    /** At most so many bytes are added to a resource that gets the tag. */
    static final int ROOM = 200;

    private static final String SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    /** The name of the same code system before R4. */
    private static final String FORMER_SYSTEM = "http://hl7.org/fhir/v3/ObservationValue";

    private static final String CODE = "SUBSETTED";

    private SubsettedTag() {}

    /** Whether the resource says that it is only a part. */
    public static boolean isOn(RawBsonDocument resource) {
        ByteBuffer bytes = resource.getByteBuffer().asNIO();
        byte[] bson = bytes.array();
        int meta = find(bson, bytes.arrayOffset() + bytes.position(), "meta", DOCUMENT);
        int tags = meta < 0 ? -1 : find(bson, meta, "tag", ARRAY);
        return tags >= 0 && isAmong(bson, tags);
    }

    /** Copies a {@code meta} with the tag behind those that it has. */
    static void putMeta(byte[] bson, int meta, RawBsonOutput out) {
        int open = out.open();
        boolean tagged = false;
        int next;
        for (int at = meta + 4; bson[at] != 0; at = next) {
            int value = RawBson.endOfName(bson, at + 1) + 1;
            next = value + RawBson.sizeOf(bson[at], bson, value);
            if (bson[at] == ARRAY && RawBson.isText(bson, at + 1, value - 1, "tag")) {
                out.putBytes(bson, at, value);
                putTags(bson, value, next, out);
                tagged = true;
            } else {
                out.putBytes(bson, at, next);
            }
        }
        if (!tagged) {
            putOnlyTag(out);
        }
        out.close(open);
    }

    /** Puts a {@code meta} that has nothing but the tag. */
    static void putMeta(RawBsonOutput out) {
        out.type(out.element("meta"), DOCUMENT);
        int open = out.open();
        putOnlyTag(out);
        out.close(open);
    }

    private static void putOnlyTag(RawBsonOutput out) {
        out.type(out.element("tag"), ARRAY);
        int open = out.open();
        putTag(0, out);
        out.close(open);
    }

    private static void putTags(byte[] bson, int tags, int end, RawBsonOutput out) {
        if (isAmong(bson, tags)) {
            out.putBytes(bson, tags, end);
            return;
        }
        int open = out.open();
        out.putBytes(bson, tags + 4, end - 1);
        putTag(count(bson, tags), out);
        out.close(open);
    }

    private static void putTag(int index, RawBsonOutput out) {
        out.type(out.element(index), DOCUMENT);
        int open = out.open();
        putText("system", SYSTEM, out);
        putText("code", CODE, out);
        out.close(open);
    }

    private static void putText(String name, String text, RawBsonOutput out) {
        out.type(out.element(name), STRING);
        out.putString(text.toCharArray(), 0, text.length());
    }

    private static int count(byte[] bson, int array) {
        int count = 0;
        int next;
        for (int at = array + 4; bson[at] != 0; at = next) {
            int value = RawBson.endOfName(bson, at + 1) + 1;
            next = value + RawBson.sizeOf(bson[at], bson, value);
            count++;
        }
        return count;
    }

    private static boolean isAmong(byte[] bson, int tags) {
        int next;
        for (int at = tags + 4; bson[at] != 0; at = next) {
            int value = RawBson.endOfName(bson, at + 1) + 1;
            next = value + RawBson.sizeOf(bson[at], bson, value);
            if (bson[at] == DOCUMENT && isTag(bson, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTag(byte[] bson, int coding) {
        int code = find(bson, coding, "code", STRING);
        int system = find(bson, coding, "system", STRING);
        return code >= 0
                && system >= 0
                && isText(bson, code, CODE)
                && (isText(bson, system, SYSTEM) || isText(bson, system, FORMER_SYSTEM));
    }

    private static boolean isText(byte[] bson, int string, String text) {
        return RawBson.isText(bson, string + 4, string + 3 + RawBson.intAt(bson, string), text);
    }

    /** Where the value of that name and type starts, or -1. */
    private static int find(byte[] bson, int document, String name, byte type) {
        int value = RawBson.find(bson, document, name);
        return value >= 0 && bson[value - name.length() - 2] == type ? value : -1;
    }
}
