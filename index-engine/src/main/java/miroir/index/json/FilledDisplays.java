package miroir.index.json;

import static miroir.index.json.RawBson.ARRAY;
import static miroir.index.json.RawBson.DOCUMENT;
import static miroir.index.json.RawBson.STRING;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Puts what people read beside the codes of a resource: each Coding that has a system and a code and no display gets one, where there is one. Where a
 * Coding may be, in extensions and contained resources too, is for the structure tables to say; an element called {@code code} elsewhere is none.
 */
public final class FilledDisplays {
    private static final String CODING = "Coding";
    private static final Map<String, ByteTable<String>> TYPES = new ConcurrentHashMap<>();

    private final byte[] bson;
    private final int start;
    private final RawBsonOutput out;
    private final Labels labels;
    private boolean filled;

    /** Where displays come from. */
    public interface Labels {
        /**
         * The display of a code; null where none is known.
         *
         * @param version of the system, as the coding says it; null: it says none
         */
        @Nullable
        String of(String system, @Nullable String version, String code);
    }

    private FilledDisplays(RawBsonDocument resource, Labels labels) {
        ByteBuffer bytes = resource.getByteBuffer().asNIO();
        this.bson = bytes.array();
        this.start = bytes.arrayOffset() + bytes.position();
        this.out = new RawBsonOutput(bytes.remaining() + bytes.remaining() / 4);
        this.labels = labels;
    }

    /** The resource with displays; itself where it gets none. */
    public static RawBsonDocument of(RawBsonDocument resource, Labels labels) {
        FilledDisplays copy = new FilledDisplays(resource, labels);
        copy.object(copy.resourceType(copy.start), copy.start);
        return copy.filled ? copy.out.toDocument() : resource;
    }

    /** The systems of codes that have no display. */
    public static Set<String> systemsWithout(RawBsonDocument resource) {
        Set<String> systems = new HashSet<>();
        of(resource, (system, version, code) -> {
            systems.add(system);
            return null;
        });
        return systems;
    }

    private void object(String type, int from) {
        ByteTable<String> types = TYPES.computeIfAbsent(type, FilledDisplays::types);
        String display = type.equals(CODING) ? display(from) : null;
        int open = out.open();
        int next;
        for (int at = from + 4; bson[at] != 0; at = next) {
            int end = RawBson.endOfName(bson, at + 1);
            next = end + 1 + RawBson.sizeOf(bson[at], bson, end + 1);
            element(types, at, end, next);
            if (display != null && RawBson.isText(bson, at + 1, end, "code")) {
                put(display);
            }
        }
        out.close(open);
    }

    private void element(ByteTable<String> types, int at, int end, int next) {
        boolean isComplex = bson[at] == DOCUMENT || bson[at] == ARRAY;
        String type = isComplex ? types.get(bson, at + 1, end) : null;
        if (type == null) {
            out.putBytes(bson, at, next);
            return;
        }
        out.putBytes(bson, at, end + 1);
        if (bson[at] == DOCUMENT) {
            object(type.equals("Resource") ? resourceType(end + 1) : type, end + 1);
        } else {
            array(type, end + 1);
        }
    }

    private void array(String type, int from) {
        int open = out.open();
        int next;
        for (int at = from + 4; bson[at] != 0; at = next) {
            int value = RawBson.endOfName(bson, at + 1) + 1;
            next = value + RawBson.sizeOf(bson[at], bson, value);
            if (bson[at] == DOCUMENT) {
                out.putBytes(bson, at, value);
                object(type.equals("Resource") ? resourceType(value) : type, value);
            } else {
                out.putBytes(bson, at, next);
            }
        }
        out.close(open);
    }

    /** What the coding lacks; null where it has one, or none is known. */
    private @Nullable String display(int coding) {
        String system = text(coding, "system");
        String code = text(coding, "code");
        boolean has = RawBson.find(bson, coding, "display") >= 0 || RawBson.find(bson, coding, "_display") >= 0;
        return has || system == null || code == null ? null : labels.of(system, text(coding, "version"), code);
    }

    private void put(String display) {
        out.type(out.element("display"), STRING);
        out.putString(display.toCharArray(), 0, display.length());
        filled = true;
    }

    private @Nullable String text(int document, String name) {
        int value = RawBson.find(bson, document, name);
        return value >= 0 && bson[value - name.length() - 2] == STRING ? RawBson.stringAt(bson, value) : null;
    }

    private String resourceType(int from) {
        String type = text(from, "resourceType");
        return type == null ? "Resource" : type;
    }

    /** What the complex elements of a type are; {@code _birthDate} is one, for its extensions. */
    private static ByteTable<String> types(String name) {
        TypeDefinition type = Structures.r4().type(name);
        Map<String, String> types = new LinkedHashMap<>();
        if (type != null) {
            for (ElementDefinition element : type.elements().values()) {
                if (Primitive.of(element.type()) == null) {
                    types.put(element.name(), element.type());
                } else {
                    types.put("_" + element.name(), "Element");
                }
            }
        }
        return new ByteTable<>(types);
    }
}
