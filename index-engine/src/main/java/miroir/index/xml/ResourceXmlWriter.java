package miroir.index.xml;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.BOOLEAN;
import static miroir.index.json.RawBson.DOCUMENT;
import static miroir.index.json.RawBson.NULL;
import static miroir.index.json.RawBson.STRING;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.json.CheckedType;
import miroir.index.json.CheckedType.Slot;
import miroir.index.json.Primitive;
import miroir.index.json.RawBson;
import miroir.index.json.ResourceWriter;
import miroir.index.json.StructureCheck;
import miroir.index.json.Utf8Buffer;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Writes stored resources as FHIR XML.
 *
 * <p>XML differs from what is stored in three ways. Its elements have the order of their definition, and those of JSON have
 * any. A primitive and its extensions are one element, and in JSON they are two, of which either may be missing. And some
 * names are attributes or wrap a resource, which only the definition says. So every object is walked twice: first its
 * elements are noted in the slots of its type, which are numbered in the order of the definition, the value and its
 * {@code _value} side by side; then the slots are written in order. The notes are one small table per level, used again
 * by the next object there. Nothing else is allocated for an element, and values are copied as in JSON.
 */
public final class ResourceXmlWriter {
    /** The namespace of FHIR's elements. */
    public static final String NAMESPACE = "http://hl7.org/fhir";

    private static final StructureCheck TABLES = new StructureCheck(Structures.r4());
    private static final int NOWHERE = -1;

    /** Where the elements of an object lie, by the numbers of their slots. */
    private static final class Found {
        private final @Nullable Slot[] slots = new Slot[Long.SIZE];
        private final byte[] types = new byte[Long.SIZE];
        private final int[] places = new int[Long.SIZE];
        private final byte[] typesBeside = new byte[Long.SIZE];
        private final int[] placesBeside = new int[Long.SIZE];
        private long present;

        /** Notes what stands under the name of this slot; {@code element} is the slot of the same name without {@code _}. */
        void note(Slot slot, @Nullable Slot element, byte type, int at) {
            int number = slot.number();
            if ((present & 1L << number) == 0) {
                present |= 1L << number;
                types[number] = NULL;
                typesBeside[number] = NULL;
            }
            slots[number] = element;
            (slot.extensions() ? typesBeside : types)[number] = type;
            (slot.extensions() ? placesBeside : places)[number] = at;
        }
    }

    private final byte[] bson;
    private final Utf8Buffer out;
    private final boolean pretty;
    private final List<Found> foundByLevel = new ArrayList<>();
    private int level;
    private int depth;

    private ResourceXmlWriter(byte[] bson, Utf8Buffer out, boolean pretty, int depth) {
        this.bson = bson;
        this.out = out;
        this.pretty = pretty;
        this.depth = depth;
    }

    /** Appends the resource as a document of its own. */
    public static void write(RawBsonDocument resource, Utf8Buffer out, boolean pretty) {
        of(resource, out, pretty, 0).resource(start(resource), true);
    }

    /** Appends the resource inside of an element of FHIR, such as an entry's, {@code depth} levels down. */
    public static void write(RawBsonDocument resource, Utf8Buffer out, boolean pretty, int depth) {
        of(resource, out, pretty, depth).resource(start(resource), false);
    }

    private static ResourceXmlWriter of(RawBsonDocument resource, Utf8Buffer out, boolean pretty, int depth) {
        return new ResourceXmlWriter(resource.getByteBuffer().asNIO().array(), out, pretty, depth);
    }

    private static int start(RawBsonDocument resource) {
        ByteBuffer bytes = resource.getByteBuffer().asNIO();
        return bytes.arrayOffset() + bytes.position();
    }

    private void resource(int start, boolean root) {
        int at = RawBson.find(bson, start, "resourceType");
        String name = at < 0 ? "no resourceType" : RawBson.stringAt(bson, at);
        CheckedType type = TABLES.resourceType(name);
        if (type == null) {
            throw withoutForm("a resource", name);
        }
        open(name);
        if (root) {
            out.putAscii(" xmlns=\"" + NAMESPACE + '"');
        }
        content(noted(start, type), type, name, NULL, NOWHERE);
    }

    private Found noted(int start, CheckedType type) {
        if (level == foundByLevel.size()) {
            foundByLevel.add(new Found());
        }
        Found found = foundByLevel.get(level);
        found.present = 0;
        int at = start + 4;
        while (start != NOWHERE && bson[at] != 0) {
            int end = RawBson.endOfName(bson, at + 1);
            Slot slot = type.slot(bson, at + 1, end);
            if (slot != null) {
                Slot element = slot.extensions() ? type.slot(slot.element().name()) : slot;
                found.note(slot, element, bson[at], end + 1);
            } else if (!hasNoPlace(type, at + 1, end)) {
                throw withoutForm(type.name(), RawBson.text(bson, at + 1, end));
            }
            at = end + 1 + RawBson.sizeOf(bson[at], bson, end + 1);
        }
        return found;
    }

    /**
     * The type of a resource is the name of its tag. Id and extensions beside an attribute or a narrative are refused today, and
     * left out where they were stored once: one such resource would take its whole page with it.
     */
    private boolean hasNoPlace(CheckedType type, int from, int to) {
        return bson[from] == '_'
                ? type.slot(bson, from + 1, to) != null
                : type.isResource() && RawBson.isText(bson, from, to, "resourceType");
    }

    /** Writes everything behind the name of the start tag: attributes, the value of a primitive, elements, the end tag. */
    private void content(Found found, CheckedType type, String name, byte valueType, int valueAt) {
        long elements = found.present;
        for (long rest = elements; rest != 0; rest &= rest - 1) {
            int number = Long.numberOfTrailingZeros(rest);
            if (type.isAttribute(slot(found, number).element())) {
                attribute(found, number);
                elements &= ~(1L << number);
            }
        }
        if (valueType != NULL) {
            out.putAscii(" value=\"");
            putValue(valueType, valueAt, name);
            out.putByte('"');
        }
        if (elements == 0) {
            out.putAscii("/>");
            return;
        }
        out.putByte('>');
        elements(found, elements);
        close(name);
    }

    private void elements(Found found, long elements) {
        level++;
        depth++;
        for (long rest = elements; rest != 0; rest &= rest - 1) {
            element(found, Long.numberOfTrailingZeros(rest));
        }
        depth--;
        level--;
    }

    private void attribute(Found found, int number) {
        String name = slot(found, number).element().name();
        out.putByte(' ');
        out.putAscii(name);
        out.putAscii("=\"");
        putValue(found.types[number], found.places[number], name);
        out.putByte('"');
    }

    private void element(Found found, int number) {
        Slot slot = slot(found, number);
        byte type = found.types[number];
        byte beside = found.typesBeside[number];
        if (type == ARRAY || beside == ARRAY) {
            repeated(slot, firstOf(type, found.places[number]), firstOf(beside, found.placesBeside[number]));
        } else {
            one(slot, type, found.places[number], beside, found.placesBeside[number]);
        }
    }

    private static int firstOf(byte type, int array) {
        return type == ARRAY ? array + 4 : NOWHERE;
    }

    /** Walks both arrays at once, of which either may be shorter or missing. */
    private void repeated(Slot slot, int firstValue, int firstBeside) {
        int value = firstValue;
        int beside = firstBeside;
        while (has(value) || has(beside)) {
            int valueAt = has(value) ? RawBson.endOfName(bson, value + 1) + 1 : NOWHERE;
            int besideAt = has(beside) ? RawBson.endOfName(bson, beside + 1) + 1 : NOWHERE;
            byte type = has(value) ? bson[value] : NULL;
            byte typeBeside = has(beside) ? bson[beside] : NULL;
            one(slot, type, valueAt, typeBeside, besideAt);
            value = valueAt == NOWHERE ? value : valueAt + RawBson.sizeOf(type, bson, valueAt);
            beside = besideAt == NOWHERE ? beside : besideAt + RawBson.sizeOf(typeBeside, bson, besideAt);
        }
    }

    private boolean has(int at) {
        return at != NOWHERE && bson[at] != 0;
    }

    private void one(Slot slot, byte type, int at, byte typeBeside, int besideAt) {
        String name = slot.element().name();
        if (slot.primitive() == Primitive.XHTML) {
            narrative(name, type, at);
        } else if (slot.primitive() != null) {
            open(name);
            CheckedType element = TABLES.type("Element");
            Found found = noted(typeBeside == DOCUMENT ? besideAt : NOWHERE, element);
            content(found, element, name, type, at);
        } else if (type != DOCUMENT) {
            throw withoutForm(name, "a value that is no object");
        } else if (slot.element().type().equals("Resource")) {
            wrapped(name, at);
        } else {
            open(name);
            CheckedType complex = TABLES.type(slot.element().type());
            content(noted(at, complex), complex, name, NULL, NOWHERE);
        }
    }

    private void wrapped(String name, int resource) {
        open(name);
        out.putByte('>');
        depth++;
        resource(resource, false);
        depth--;
        close(name);
    }

    private void narrative(String name, byte type, int at) {
        if (type != STRING) {
            throw withoutForm(name, "a value that is no text");
        }
        line();
        out.putBytes(Xhtml.wellFormed(RawBson.stringAt(bson, at)).getBytes(StandardCharsets.UTF_8));
    }

    private void putValue(byte type, int at, String name) {
        switch (type) {
            case STRING -> XmlEscapes.put(out, bson, at + 4, at + 3 + RawBson.intAt(bson, at));
            case BOOLEAN -> out.putAscii(bson[at] != 0 ? "true" : "false");
            case DOCUMENT, ARRAY, NULL -> throw withoutForm(name, "a value that is no primitive");
            default -> out.putAscii(ResourceWriter.number(bson, type, at));
        }
    }

    private void open(String name) {
        line();
        out.putByte('<');
        out.putAscii(name);
    }

    private void close(String name) {
        line();
        out.putAscii("</");
        out.putAscii(name);
        out.putByte('>');
    }

    private void line() {
        if (pretty && out.size() > 0) {
            ResourceWriter.newLine(out, depth);
        }
    }

    private static Slot slot(Found found, int number) {
        Slot slot = found.slots[number];
        if (slot == null) {
            throw new IllegalStateException("no element was noted under the number " + number);
        }
        return slot;
    }

    /** Only what got past the check of structure, years ago or by another way, has no form. */
    private static Refusal withoutForm(String where, String what) {
        return new Refusal(
                Reason.NOT_ACCEPTABLE,
                "what is stored has " + what + " in " + where + ", for which FHIR XML has no form; ask for JSON");
    }
}
