package miroir.index.json;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.DOCUMENT;
import static miroir.index.json.RawBson.NULL;
import static miroir.index.json.RawBson.STRING;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.Refusal.Issue;
import miroir.index.Refusal.Reason;
import miroir.index.json.CheckedType.Slot;
import org.jspecify.annotations.Nullable;

/**
 * One walk over one resource. Each object is walked once, element by element, against the table of its type; what cannot
 * be judged before its end (required elements, alignment of a primitive's extensions with its values) is judged there.
 * A value that is wrong as a whole is reported and not entered, so one mistake makes one issue.
 */
final class StructureWalk {
    private static final int MOST_ISSUES = 20;

    /** What is known of an object while it is walked; one per level, used again by the next object there. */
    private static final class Seen {
        private final @Nullable Slot[] chosen = new Slot[Long.SIZE];
        private final List<Slot> toAlign = new ArrayList<>();
        private long elements;

        void clear() {
            elements = 0;
            toAlign.clear();
        }
    }

    private final StructureCheck tables;
    private final byte[] bson;
    private final ElementPath path = new ElementPath();
    private final List<Issue> issues = new ArrayList<>();
    private final List<Seen> seenByDepth = new ArrayList<>();
    private int depth;

    StructureWalk(StructureCheck tables, byte[] bson) {
        this.tables = tables;
        this.bson = bson;
    }

    void check(int start) {
        resource(start, true);
        if (!issues.isEmpty()) {
            throw new Refusal(issues);
        }
    }

    private void resource(int start, boolean root) {
        int at = RawBson.find(bson, start, "resourceType");
        if (at < 0 || bson[at - "resourceType".length() - 2] != STRING) {
            report("resourceType is missing; a resource says its type, such as \"resourceType\": \"Patient\"");
            return;
        }
        String name = RawBson.stringAt(bson, at);
        CheckedType type = tables.resourceType(name);
        if (type == null) {
            path.enter("resourceType");
            report(Shortened.quote(name) + " is not a resource type; " + tables.nearestResourceType(name));
            path.leave();
            return;
        }
        if (root) {
            path.root(name);
        }
        object(start, type);
    }

    private void object(int start, CheckedType type) {
        if (bson[start + 4] == 0) {
            report("an object may not be empty");
            return;
        }
        Seen seen = enter();
        int at = start + 4;
        while (bson[at] != 0 && issues.size() < MOST_ISSUES) {
            int end = RawBson.endOfName(bson, at + 1);
            element(type, seen, bson[at], at + 1, end);
            at = end + 1 + RawBson.sizeOf(bson[at], bson, end + 1);
        }
        for (int i = 0; i < seen.toAlign.size(); i++) {
            align(start, seen.toAlign.get(i));
        }
        checkPresence(type, seen.elements);
        depth--;
    }

    private Seen enter() {
        if (depth == seenByDepth.size()) {
            seenByDepth.add(new Seen());
        }
        Seen seen = seenByDepth.get(depth++);
        seen.clear();
        return seen;
    }

    private void element(CheckedType type, Seen seen, byte bsonType, int name, int end) {
        Slot slot = type.slot(bson, name, end);
        if (slot == null) {
            if (!type.isResource() || !RawBson.isText(bson, name, end, "resourceType")) {
                String unknown = RawBson.text(bson, name, end);
                path.enter(unknown);
                report(type.name() + " has no element " + Shortened.quote(unknown) + "; "
                        + type.allowedInsteadOf(unknown));
                path.leave();
            }
            return;
        }
        path.enter(slot.element().name());
        note(type, seen, slot);
        if (slot.element().many() != (bsonType == ARRAY)) {
            report(
                    slot.element().many()
                            ? "found " + described(bsonType, end + 1) + "; the element repeats, so allowed is an array"
                            : "found an array; the element does not repeat, so allowed is one value");
        } else if (bsonType == ARRAY) {
            array(seen, slot, end + 1);
        } else {
            value(slot, bsonType, end + 1);
        }
        path.leave();
    }

    private void note(CheckedType type, Seen seen, Slot slot) {
        long bit = 1L << slot.number();
        Slot before = seen.chosen[slot.number()];
        if ((seen.elements & bit) != 0
                && before != null
                && !before.element().name().equals(slot.element().name())) {
            report("both " + before.element().name() + " and " + slot.element().name()
                    + " are present; allowed is one form of " + type.name(slot.number()));
        }
        seen.elements |= bit;
        seen.chosen[slot.number()] = slot;
    }

    private void array(Seen seen, Slot slot, int start) {
        if (bson[start + 4] == 0) {
            report("an array may not be empty");
            return;
        }
        boolean nulls = slot.extensions();
        int at = start + 4;
        for (int index = 0; bson[at] != 0 && issues.size() < MOST_ISSUES; index++) {
            path.index(index);
            int value = RawBson.endOfName(bson, at + 1) + 1;
            if (bson[at] == NULL && (slot.extensions() || slot.primitive() != null)) {
                nulls = true;
            } else {
                value(slot, bson[at], value);
            }
            at = value + RawBson.sizeOf(bson[at], bson, value);
        }
        if (nulls) {
            seen.toAlign.add(slot);
        }
    }

    private void value(Slot slot, byte type, int at) {
        Primitive primitive = slot.primitive();
        if (primitive != null) {
            primitive(slot, primitive, type, at);
        } else if (type != DOCUMENT) {
            report("found " + described(type, at) + "; allowed is an object"
                    + (slot.extensions()
                            ? " with id or extension"
                            : " of type " + slot.element().type()));
        } else if (slot.extensions()) {
            object(at, tables.type("Element"));
        } else if (slot.element().type().equals("Resource")) {
            resource(at, false);
        } else {
            object(at, tables.type(slot.element().type()));
        }
    }

    private void primitive(Slot slot, Primitive primitive, byte type, int at) {
        if (!primitive.accepts(type, bson, at)) {
            report("found " + described(type, at) + "; " + primitive.allowed());
            return;
        }
        ByteTable<String> codes = slot.codes();
        if (codes != null && codes.get(bson, at + 4, at + 3 + RawBson.intAt(bson, at)) == null) {
            String code = RawBson.stringAt(bson, at);
            report(Shortened.quote(code) + " is not a code of this element; "
                    + allowed(code, slot.element().codes()));
        }
    }

    private static String allowed(String code, List<String> codes) {
        String all = "allowed are " + Shortened.list(codes);
        return codes.size() <= MOST_ISSUES ? all : Shortened.meant(code, codes).orElse(all);
    }

    /**
     * Values and their extensions stand in two arrays, null filling the gaps of either. A position where both are null
     * says nothing. The array that is shorter counts as filled up with null.
     */
    private void align(int object, Slot slot) {
        String name = slot.element().name();
        List<Byte> values = typesOf(object, name);
        List<Byte> extensions = typesOf(object, "_" + name);
        path.enter(name);
        for (int i = 0; i < Math.max(values.size(), extensions.size()); i++) {
            if (isNull(values, i) && isNull(extensions, i)) {
                path.index(i);
                report("null without an extension in _" + name
                        + "; allowed is null only where the other array has the element");
            }
        }
        path.leave();
    }

    private static boolean isNull(List<Byte> types, int index) {
        return index >= types.size() || types.get(index) == NULL;
    }

    private List<Byte> typesOf(int object, String name) {
        List<Byte> types = new ArrayList<>();
        int array = RawBson.find(bson, object, name);
        int at = array + 4;
        while (array >= 0 && bson[array - name.length() - 2] == ARRAY && bson[at] != 0) {
            types.add(bson[at]);
            int value = RawBson.endOfName(bson, at + 1) + 1;
            at = value + RawBson.sizeOf(bson[at], bson, value);
        }
        return types;
    }

    private void checkPresence(CheckedType type, long elements) {
        for (long missing = type.missing(elements); missing != 0; missing &= missing - 1) {
            String name = type.name(Long.numberOfTrailingZeros(missing));
            path.enter(name.replace("[x]", ""));
            report(name + " is missing; " + type.name() + " requires it");
            path.leave();
        }
        if (type.isExtension()) {
            boolean value = (elements & type.bit("value[x]")) != 0;
            boolean nested = (elements & type.bit("extension")) != 0;
            if (value == nested) {
                report("an extension has " + (value ? "a value and extensions" : "neither a value nor extensions")
                        + "; allowed is one of both");
            }
        }
    }

    private String described(byte type, int at) {
        return switch (type) {
            case STRING ->
                RawBson.intAt(bson, at) == 1
                        ? "an empty string"
                        : "the string " + Shortened.quote(RawBson.stringAt(bson, at));
            case DOCUMENT -> "an object";
            case ARRAY -> "an array";
            case NULL -> "null";
            case RawBson.BOOLEAN -> bson[at] != 0 ? "true" : "false";
            default -> "the number " + ResourceWriter.number(bson, type, at);
        };
    }

    private void report(String message) {
        if (issues.size() < MOST_ISSUES) {
            issues.add(new Issue(Reason.UNPROCESSABLE, message, path.toString()));
        }
    }
}
