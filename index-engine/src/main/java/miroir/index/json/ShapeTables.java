package miroir.index.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import miroir.index.json.KeptElements.Kept;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;

/**
 * What shapes keep, derived from the structure tables, type by type when it is first asked for. The extensions of a
 * primitive, {@code _birthDate}, are kept with the primitive.
 */
final class ShapeTables {
    private static final Set<String> ALWAYS = Set.of("id", "meta");

    private final Structures structures;
    private final Map<String, KeptElements> summaries = new ConcurrentHashMap<>();
    private final Map<String, KeptElements> texts = new ConcurrentHashMap<>();
    private final Map<String, KeptElements> needed = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> names = new ConcurrentHashMap<>();

    ShapeTables(Structures structures) {
        this.structures = structures;
    }

    /**
     * The elements that are marked as summary, and of those what is marked in turn. What is mandatory or a modifier
     * without being marked is kept whole: cut down, it would break its own type. So are extensions inside of kept
     * elements: a value can mean something else without them. At the root they are elements like others, and not marked.
     */
    KeptElements summary(String type) {
        KeptElements known = summaries.get(type);
        return known != null ? known : summaries.computeIfAbsent(type, name -> table(definition(name)));
    }

    private KeptElements table(TypeDefinition type) {
        boolean resource = type.kind() == TypeDefinition.Kind.RESOURCE;
        Map<String, Kept> kept = new LinkedHashMap<>();
        kept.put("resourceType", Kept.WHOLE);
        for (ElementDefinition element : type.elements().values()) {
            if (element.summary()) {
                put(
                        kept,
                        element.name(),
                        keepsAll(element.type(), new HashSet<>()) ? Kept.WHOLE : new Kept(element.type()));
            } else if (isNeeded(element) || (!resource && isOfEveryElement(element))) {
                put(kept, element.name(), Kept.WHOLE);
            }
        }
        return new ByteTable<>(kept)::get;
    }

    /**
     * Whether a summary leaves nothing of that type out, which is true of most data types: they are copied in one piece. A
     * type inside of itself is no reason against it.
     */
    private boolean keepsAll(String type, Set<String> within) {
        if (Primitive.of(type) != null || type.equals("Extension") || !within.add(type)) {
            return true;
        }
        return !type.equals("Resource")
                && definition(type).elements().values().stream()
                        .allMatch(element -> element.summary()
                                ? keepsAll(element.type(), within)
                                : isNeeded(element) || isOfEveryElement(element));
    }

    private static boolean isOfEveryElement(ElementDefinition element) {
        return element.name().equals("id") || element.name().equals("extension");
    }

    /** The narrative and what is mandatory. */
    KeptElements text(String type) {
        return texts.computeIfAbsent(
                type, name -> root(name, element -> element.name().equals("text") || element.min() > 0));
    }

    /** Everything but one. */
    KeptElements allBut(String element) {
        return (bson, from, to) -> RawBson.isText(bson, from, to, element) ? null : Kept.WHOLE;
    }

    /** These, and what is mandatory or a modifier. */
    KeptElements elements(String type, Set<String> asked) {
        KeptElements always = needed.computeIfAbsent(type, name -> root(name, ShapeTables::isNeeded));
        KeptElements named = root(type, element -> asked.contains(element.name()) || asked.contains(element.choice()));
        return (bson, from, to) -> {
            Kept kept = always.kept(bson, from, to);
            return kept == null ? named.kept(bson, from, to) : kept;
        };
    }

    private static boolean isNeeded(ElementDefinition element) {
        return element.min() > 0 || element.modifier();
    }

    private KeptElements root(String type, Predicate<ElementDefinition> isKept) {
        Map<String, Kept> kept = new LinkedHashMap<>();
        kept.put("resourceType", Kept.WHOLE);
        definition(type).elements().values().stream()
                .filter(element -> ALWAYS.contains(element.name()) || isKept.test(element))
                .forEach(element -> put(kept, element.name(), Kept.WHOLE));
        return new ByteTable<>(kept)::get;
    }

    private static void put(Map<String, Kept> kept, String name, Kept how) {
        kept.put(name, how);
        kept.put("_" + name, Kept.WHOLE);
    }

    /** The names under which the elements of a type can be asked for. */
    Set<String> names(String type) {
        return names.computeIfAbsent(type, name -> {
            Set<String> known = new TreeSet<>();
            for (ElementDefinition element : definition(name).elements().values()) {
                known.add(element.name());
                known.add(element.choice());
            }
            return known;
        });
    }

    private TypeDefinition definition(String name) {
        TypeDefinition definition = structures.type(name);
        if (definition == null) {
            throw new IllegalArgumentException("the structure tables know no type \"" + name + "\"");
        }
        return definition;
    }
}
