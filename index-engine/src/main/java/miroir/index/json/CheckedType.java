package miroir.index.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.TypeDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A type made ready for {@link StructureCheck}: its JSON names in a table that is asked with bytes, its elements
 * numbered so that a single long remembers which ones an object has. All forms of a choice share one number.
 */
public final class CheckedType {

    /**
     * One JSON name of a type.
     *
     * @param number the element's bit
     * @param extensions whether the name is {@code _x}, which holds id and extensions of the primitive {@code x}
     * @param primitive null for elements that are objects
     * @param codes the codes of a required binding; null: any
     */
    public record Slot(
            ElementDefinition element,
            int number,
            boolean extensions,
            @Nullable Primitive primitive,
            @Nullable ByteTable<String> codes) {}

    private final TypeDefinition definition;
    private final ByteTable<Slot> slots;
    private final List<String> names = new ArrayList<>();
    private final long required;

    CheckedType(TypeDefinition definition) {
        this.definition = definition;
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, Slot> byName = new LinkedHashMap<>();
        long bits = 0;
        for (ElementDefinition element : definition.elements().values()) {
            int number = numbers.computeIfAbsent(element.choice(), name -> numbers.size());
            if (number == names.size()) {
                names.add(element.isChoice() ? element.choice() + "[x]" : element.name());
            }
            bits |= element.min() > 0 ? 1L << number : 0;
            addSlots(byName, element, number);
        }
        if (names.size() > Long.SIZE) {
            throw new IllegalStateException(definition.name() + " has more elements than a long has bits");
        }
        required = bits;
        slots = new ByteTable<>(byName);
    }

    private void addSlots(Map<String, Slot> byName, ElementDefinition element, int number) {
        Primitive primitive = Primitive.of(element.type());
        byName.put(element.name(), new Slot(element, number, false, primitive, codes(element.codes())));
        if (primitive != null && primitive != Primitive.XHTML && !isAttribute(element)) {
            byName.put("_" + element.name(), new Slot(element, number, true, null, null));
        }
    }

    private static @Nullable ByteTable<String> codes(List<String> codes) {
        if (codes.isEmpty()) {
            return null;
        }
        Map<String, String> entries = new LinkedHashMap<>();
        codes.forEach(code -> entries.put(code, code));
        return new ByteTable<>(entries);
    }

    /** Its name; the path of a backbone element. */
    public String name() {
        return definition.name();
    }

    /** Whether it is a resource. */
    public boolean isResource() {
        return definition.kind() == TypeDefinition.Kind.RESOURCE;
    }

    /** Whether it is Extension. */
    public boolean isExtension() {
        return definition.name().equals("Extension");
    }

    /** What the definitions mark as attributes of XML, which have no extensions: the ids of all elements, and the URL of extensions. */
    public boolean isAttribute(ElementDefinition element) {
        String name = element.name();
        return !isResource() && (name.equals("id") || (isExtension() && name.equals("url")));
    }

    /** What the JSON name between these places stands for; null: nothing. */
    public @Nullable Slot slot(byte[] bson, int from, int to) {
        return slots.get(bson, from, to);
    }

    /** What the element of that name stands for; null: nothing. */
    public @Nullable Slot slot(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return slot(utf8, 0, utf8.length);
    }

    /** The bits of required elements that are not among these. */
    long missing(long seen) {
        return required & ~seen;
    }

    /** What the element with that number is called, a choice with {@code [x]}. */
    public String name(int number) {
        return names.get(number);
    }

    /** The bit of the element of that name. */
    long bit(String name) {
        return 1L << names.indexOf(name);
    }

    /** What an unknown name may have meant, or everything that is allowed. */
    public String allowedInsteadOf(String unknown) {
        return Shortened.meant(unknown, definition.elements().keySet())
                .orElseGet(() -> "allowed are " + String.join(", ", names));
    }
}
