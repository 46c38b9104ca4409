package miroir.index.json;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.DOCUMENT;

import java.nio.ByteBuffer;
import miroir.index.json.KeptElements.Kept;
import org.bson.RawBsonDocument;

/**
 * One copy of one resource without what its shape leaves out. An object of which nothing is left is left out itself,
 * with its name, since FHIR has no empty objects and arrays.
 */
final class ShapedCopy {
    private final ShapeTables tables;
    private final byte[] bson;
    private final int start;
    private final RawBsonOutput out;

    ShapedCopy(ShapeTables tables, RawBsonDocument resource) {
        ByteBuffer bytes = resource.getByteBuffer().asNIO();
        this.tables = tables;
        this.bson = bytes.array();
        this.start = bytes.arrayOffset() + bytes.position();
        this.out = new RawBsonOutput(bytes.remaining() + SubsettedTag.ROOM);
    }

    RawBsonDocument with(KeptElements kept) {
        int open = out.open();
        boolean tagged = false;
        int next;
        for (int at = start + 4; bson[at] != 0; at = next) {
            int end = RawBson.endOfName(bson, at + 1);
            next = end + 1 + RawBson.sizeOf(bson[at], bson, end + 1);
            if (bson[at] == DOCUMENT && RawBson.isText(bson, at + 1, end, "meta")) {
                out.putBytes(bson, at, end + 1);
                SubsettedTag.putMeta(bson, end + 1, out);
                tagged = true;
            } else {
                element(kept, at, end, next);
            }
        }
        if (!tagged) {
            SubsettedTag.putMeta(out);
        }
        out.close(open);
        return out.toDocument();
    }

    private void element(KeptElements elements, int at, int end, int next) {
        Kept kept = elements.kept(bson, at + 1, end);
        if (kept == null) {
            return;
        }
        String type = kept.summaryOf();
        if (type == null || (bson[at] != DOCUMENT && bson[at] != ARRAY)) {
            out.putBytes(bson, at, next);
            return;
        }
        int before = out.size();
        out.putBytes(bson, at, end + 1);
        boolean isEmpty = bson[at] == DOCUMENT ? object(type, end + 1) : array(type, end + 1);
        if (isEmpty) {
            out.truncate(before);
        }
    }

    /** Copies what is summary; returns whether nothing is. */
    private boolean object(String type, int from) {
        KeptElements elements = tables.summary(type.equals("Resource") ? resourceType(from) : type);
        int open = out.open();
        int empty = out.size();
        int next;
        for (int at = from + 4; bson[at] != 0; at = next) {
            int end = RawBson.endOfName(bson, at + 1);
            next = end + 1 + RawBson.sizeOf(bson[at], bson, end + 1);
            element(elements, at, end, next);
        }
        boolean isEmpty = out.size() == empty;
        out.close(open);
        return isEmpty;
    }

    /** The same for each object of an array, numbered anew. */
    private boolean array(String type, int from) {
        int open = out.open();
        int index = 0;
        int next;
        for (int at = from + 4; bson[at] != 0; at = next) {
            int value = RawBson.endOfName(bson, at + 1) + 1;
            next = value + RawBson.sizeOf(bson[at], bson, value);
            int before = out.size();
            out.type(out.element(index), DOCUMENT);
            if (object(type, value)) {
                out.truncate(before);
            } else {
                index++;
            }
        }
        out.close(open);
        return index == 0;
    }

    private String resourceType(int from) {
        return RawBson.stringAt(bson, RawBson.find(bson, from, "resourceType"));
    }
}
