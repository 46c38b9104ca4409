package miroir.server.console;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import miroir.server.console.ElementText.Line;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * All that a resource says, in the order of its definition.
 *
 * <p>Whoever stores a resource decides how large it is, and how deep; who looks at it has a browser that takes only so much. So elements are counted while they are
 * taken, and those that are left out then are told.
 */
final class ReadableResource {
    static final int MOST_ELEMENTS = 2_000;
    static final int MOST_LETTERS = 300_000;
    static final int LONGEST = 2_000;
    private static final int DEEPEST = 24;

    private static final Structures R4 = Structures.r4();
    private static final Set<String> IN_FACTS = Set.of("resourceType", "id");
    private static final Set<String> OF_META_IN_FACTS = Set.of("versionId", "lastUpdated");

    private final ElementText texts;
    private final Function<String, @Nullable String> links;
    private int left = MOST_ELEMENTS;
    private int letters = MOST_LETTERS;
    private boolean isCut;

    /**
     * One of them.
     *
     * @param isCut whether some of it is left out, since it is too large
     */
    record Shown(List<ReadableElement> elements, boolean isCut) {
        Shown {
            elements = List.copyOf(elements);
        }
    }

    /** An element by what it is called, and of what type it is; empty: no definition has it. */
    private record Named(String name, @Nullable String label, String type) {}

    private ReadableResource(ElementText texts, Function<String, @Nullable String> links) {
        this.texts = texts;
        this.links = links;
    }

    /**
     * A resource.
     *
     * @param links the page of what a reference names; null where there is none
     */
    static Shown of(BsonDocument fhir, ElementText texts, Function<String, @Nullable String> links) {
        ReadableResource made = new ReadableResource(texts, links);
        List<ReadableElement> elements = made.parts(fhir, R4.type(ElementText.text(fhir, "resourceType")), IN_FACTS, 0);
        return new Shown(elements, made.isCut);
    }

    /** The parts of an element but those that are told already; what no definition has comes last. */
    private List<ReadableElement> parts(BsonDocument of, @Nullable TypeDefinition type, Set<String> told, int depth) {
        List<ReadableElement> parts = new ArrayList<>();
        if (depth > DEEPEST) {
            isCut = true;
            return parts;
        }
        for (String name : names(of, type)) {
            BsonValue value = of.getOrDefault(name, BsonNull.VALUE);
            BsonValue beside = of.get("_" + name);
            if (!told.contains(name) || beside != null) {
                addAll(parts, named(type, name), value, beside, depth);
            }
        }
        return parts;
    }

    private Named named(@Nullable TypeDefinition type, String name) {
        ElementDefinition definition = type == null ? null : type.element(name);
        // A choice is called by what it is about, whatever its type.
        String shown = definition == null ? name : definition.choice();
        String label = type == null ? null : texts.name(type.name(), shown);
        return new Named(shown, label, definition == null ? "" : definition.type());
    }

    private static Set<String> names(BsonDocument of, @Nullable TypeDefinition type) {
        Set<String> names = new LinkedHashSet<>();
        if (type != null) {
            type.elements().keySet().stream()
                    .filter(name -> of.containsKey(name) || of.containsKey("_" + name))
                    .forEach(names::add);
        }
        of.keySet().stream()
                .map(name -> name.startsWith("_") ? name.substring(1) : name)
                .forEach(names::add);
        return names;
    }

    /** Each of those that have the same name. */
    private void addAll(
            List<ReadableElement> parts, Named named, BsonValue value, @Nullable BsonValue beside, int depth) {
        if (!(value instanceof BsonArray) && !(beside instanceof BsonArray)) {
            add(parts, named, value, beside, depth);
            return;
        }
        int size = Math.max(size(value), size(beside));
        for (int i = 0; i < size && !isFull(); i++) {
            add(parts, named, item(value, i), item(beside, i), depth);
        }
    }

    private static int size(@Nullable BsonValue value) {
        return value instanceof BsonArray array ? array.size() : 0;
    }

    private static BsonValue item(@Nullable BsonValue of, int i) {
        return of instanceof BsonArray array && i < array.size() ? array.get(i) : BsonNull.VALUE;
    }

    private boolean isFull() {
        isCut = isCut || left <= 0 || letters <= 0;
        return left <= 0 || letters <= 0;
    }

    private void add(List<ReadableElement> parts, Named named, BsonValue value, @Nullable BsonValue beside, int depth) {
        if (isFull()) {
            return;
        }
        left--;
        ReadableElement made = value instanceof BsonDocument of
                ? ofParts(named, of, depth)
                : new ReadableElement(
                        named.name(), named.label(), false, ofPrimitive(named.type(), value), null, "", "", List.of());
        parts.add(
                beside instanceof BsonDocument more
                        ? with(made, parts(more, R4.type("Element"), Set.of(), depth + 1))
                        : made);
    }

    private String ofPrimitive(String type, BsonValue value) {
        if (type.equals("base64Binary")) {
            return shortened(ElementText.raw(value), 60);
        }
        return shortened(texts.primitive(type, value), LONGEST);
    }

    private ReadableElement ofParts(Named named, BsonDocument of, int depth) {
        String type = named.type();
        if (type.equals("Resource")) {
            String contained = ElementText.text(of, "resourceType");
            return new ReadableElement(
                    named.name(),
                    named.label(),
                    false,
                    shortened(contained + " #" + ElementText.text(of, "id"), LONGEST),
                    null,
                    "",
                    "",
                    parts(of, R4.type(contained), IN_FACTS, depth + 1));
        }
        if (type.equals("Extension")) {
            return ofExtension(of, depth);
        }
        Line line = texts.line(type, of);
        Set<String> told = type.equals("Meta") ? OF_META_IN_FACTS : line.told();
        return new ReadableElement(
                named.name(),
                named.label(),
                false,
                shortened(line.text(), LONGEST),
                type.equals("Reference") ? links.apply(ElementText.text(of, "reference")) : null,
                shortened(line.note(), 200),
                shortened(line.title(), 500),
                parts(of, R4.type(type), told, depth + 1));
    }

    private ReadableElement ofExtension(BsonDocument of, int depth) {
        String url = ElementText.text(of, "url");
        Line line = texts.line("Extension", of);
        String reference =
                of.get("valueReference") instanceof BsonDocument value ? ElementText.text(value, "reference") : "";
        return new ReadableElement(
                shortened(ElementText.lastPart(url), 200),
                null,
                true,
                shortened(line.text(), LONGEST),
                reference.isEmpty() ? null : links.apply(reference),
                shortened(line.note(), 200),
                shortened(url, 500),
                parts(of, R4.type("Extension"), line.told(), depth + 1));
    }

    private static ReadableElement with(ReadableElement element, List<ReadableElement> more) {
        List<ReadableElement> parts = new ArrayList<>(element.parts());
        parts.addAll(more);
        return new ReadableElement(
                element.name(),
                element.label(),
                element.isExtension(),
                element.text(),
                element.link(),
                element.note(),
                element.title(),
                parts);
    }

    private String shortened(String text, int longest) {
        if (text.length() > longest) {
            isCut = true;
            letters -= longest;
            return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest) + "…";
        }
        letters -= text.length();
        return text;
    }
}
