package miroir.server.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two versions of a resource.
 *
 * <p><b>Problem.</b> Somebody wants to read what changed: "the address lost its postal code", and not that the third of seven lines is another. Lists are the difficulty. FHIR says of hardly any that
 * their order means something, sources send the same identifiers in another order each night, and one that is put in at the front moves all others.
 *
 * <p><b>Approach.</b> Both documents are walked at once, with the definition of their type. Parts of the same name are compared with each other; of a choice ({@code valueString},
 * {@code valueQuantity}) the parts are the same element. Lists are compared in three rounds, each with what the one before left:
 *
 * <ol>
 *   <li>items that are equal belong together, wherever they are;
 *   <li>items that say by themselves which one they are (by {@code id}, {@code linkId}, {@code url}, {@code system}, {@code use}, {@code code}, {@code reference}, in this order) belong to the first that says the same;
 *   <li>what is left belongs together in its order, but for items of which the first four say that they are something else.
 * </ol>
 *
 * <p>Then items without a counterpart were added or removed, and the others are walked. Where all items of two lists are equal and only their order is not, that is told, as one difference.
 *
 * <p><b>Cost.</b> Each value is hashed once for each level that it is below, and looked up once: for the few levels of a resource that is as good as linear, and there is no
 * comparison of each with each. A longest common subsequence would tell moves of items better, is quadratic, and tells a list in another order as many changes.
 *
 * <p>At most so many differences are told; who wants to see more has both documents. What every version changes, its number and its instant, is no difference.
 */
final class Differences {
    static final int MOST = 200;
    private static final int DEEPEST = 100;

    private static final Structures R4 = Structures.r4();
    private static final List<String> NAMES_OF_ITEMS =
            List.of("id", "linkId", "url", "system", "use", "code", "reference");

    /** So many of them leave no doubt. */
    private static final int CERTAIN = 4;

    private final List<Difference> found = new ArrayList<>();

    /** What happened to an element. */
    enum Kind {
        ADDED,
        REMOVED,
        CHANGED,
        REORDERED
    }

    /**
     * One of them.
     *
     * @param path from the resource to the element, with places in the newer list, or in the older one for what was removed
     * @param type its type in FHIR; an empty text where no definition has it
     * @param before null: there was none
     * @param after null: there is none
     */
    record Difference(
            Kind kind,
            String path,
            String type,
            @Nullable BsonValue before,
            @Nullable BsonValue after) {}

    private Differences() {}

    /** What became different, in the order of the definition; one more than the most where there are more. */
    static List<Difference> between(BsonDocument before, BsonDocument after) {
        Differences differences = new Differences();
        differences.parts("", type(after), before, after, 0);
        return List.copyOf(differences.found);
    }

    private static @Nullable TypeDefinition type(BsonDocument resource) {
        return R4.type(ElementText.text(resource, "resourceType"));
    }

    private void parts(String path, @Nullable TypeDefinition type, BsonDocument before, BsonDocument after, int depth) {
        Set<String> done = new LinkedHashSet<>();
        for (String name : names(type, before, after)) {
            if (done.contains(name) || isOfEveryVersion(path, name) || found.size() > MOST) {
                continue;
            }
            ElementDefinition element =
                    type == null ? null : type.element(name.startsWith("_") ? name.substring(1) : name);
            String other = otherForm(type, element, name, before, after);
            done.add(other);
            BsonValue old = before.containsKey(name) ? before.get(name) : before.get(other);
            BsonValue present = after.containsKey(name) ? after.get(name) : after.get(other);
            String shown = path + (path.isEmpty() ? "" : ".") + (element == null ? name : element.choice());
            String known = element == null || name.startsWith("_") || !other.equals(name) ? "" : element.type();
            value(shown, name.startsWith("_") ? "Element" : known, old, present, depth);
        }
    }

    /** In the order of the definition, what it does not have last. */
    private static Set<String> names(@Nullable TypeDefinition type, BsonDocument before, BsonDocument after) {
        Set<String> present = new LinkedHashSet<>(before.keySet());
        present.addAll(after.keySet());
        Set<String> names = new LinkedHashSet<>();
        if (type != null) {
            for (String name : type.elements().keySet()) {
                List.of(name, "_" + name).stream().filter(present::contains).forEach(names::add);
            }
        }
        names.addAll(present);
        return names;
    }

    private static boolean isOfEveryVersion(String path, String name) {
        return path.equals("meta") && (name.equals("versionId") || name.equals("lastUpdated"));
    }

    /** The name under which a choice stands in the other version, where that is another one; else the same. */
    private static String otherForm(
            @Nullable TypeDefinition type,
            @Nullable ElementDefinition element,
            String name,
            BsonDocument before,
            BsonDocument after) {
        if (type == null || element == null || !element.isChoice() || name.startsWith("_")) {
            return name;
        }
        BsonDocument other = before.containsKey(name) ? after : before;
        return other.containsKey(name)
                ? name
                : other.keySet().stream()
                        .filter(each -> {
                            ElementDefinition form = type.element(each);
                            return form != null && form.choice().equals(element.choice());
                        })
                        .findFirst()
                        .orElse(name);
    }

    private void value(String path, String type, @Nullable BsonValue before, @Nullable BsonValue after, int depth) {
        if (before == null && after == null) {
            return;
        }
        if (before == null || after == null) {
            one(path, type, before, after);
        } else if (before instanceof BsonArray old && after instanceof BsonArray present) {
            list(path, type, old, present, depth);
        } else if (!before.equals(after)) {
            changed(path, type, before, after, depth);
        }
    }

    private void changed(String path, String type, BsonValue before, BsonValue after, int depth) {
        if (before instanceof BsonDocument old && after instanceof BsonDocument present && depth < DEEPEST) {
            parts(path, type.equals("Resource") ? type(present) : R4.type(type), old, present, depth + 1);
        } else {
            one(path, type, before, after);
        }
    }

    /** Of a list that is there or not each item is told. */
    private void one(String path, String type, @Nullable BsonValue before, @Nullable BsonValue after) {
        if (before == null && after instanceof BsonArray items) {
            list(path, type, new BsonArray(), items, 0);
        } else if (after == null && before instanceof BsonArray items) {
            list(path, type, items, new BsonArray(), 0);
        } else if (found.size() <= MOST) {
            Kind kind = before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED;
            found.add(new Difference(kind, path, type, before, after));
        }
    }

    private void list(String path, String type, BsonArray before, BsonArray after, int depth) {
        if (before.equals(after)) {
            return;
        }
        // By its place in the newer list, the place of the one before; and the other way round.
        int[] partner = unpaired(after.size());
        int[] paired = unpaired(before.size());
        pair(partner, paired, places(before, item -> item), after, item -> item);
        if (isAllPaired(partner) && isAllPaired(paired)) {
            found.add(new Difference(Kind.REORDERED, path, type, before, after));
            return;
        }
        pair(partner, paired, places(before, Differences::nameOf), after, Differences::nameOf);
        pairInOrder(partner, paired, before, after);
        for (int i = 0; i < partner.length; i++) {
            BsonValue old = partner[i] < 0 ? null : before.get(partner[i]);
            item(path + "[" + i + "]", type, old, after.get(i), depth);
        }
        for (int i = 0; i < paired.length; i++) {
            if (paired[i] < 0) {
                item(path + "[" + i + "]", type, before.get(i), null, depth);
            }
        }
    }

    /** What stands for nothing in a list, beside the extensions of its items, is nothing. */
    private void item(String path, String type, @Nullable BsonValue before, @Nullable BsonValue after, int depth) {
        value(path, type, unlessNull(before), unlessNull(after), depth);
    }

    private static @Nullable BsonValue unlessNull(@Nullable BsonValue value) {
        return value instanceof BsonNull ? null : value;
    }

    private static int[] unpaired(int size) {
        int[] none = new int[size];
        Arrays.fill(none, -1);
        return none;
    }

    private static boolean isAllPaired(int[] places) {
        return Arrays.stream(places).allMatch(place -> place >= 0);
    }

    /** By what items are known, where they are. */
    private interface Known {
        @Nullable
        BsonValue by(BsonValue item);
    }

    private static Map<BsonValue, Deque<Integer>> places(BsonArray items, Known known) {
        Map<BsonValue, Deque<Integer>> places = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            BsonValue key = known.by(items.get(i));
            if (key != null) {
                places.computeIfAbsent(key, any -> new ArrayDeque<>()).add(i);
            }
        }
        return places;
    }

    private static void pair(
            int[] partner, int[] paired, Map<BsonValue, Deque<Integer>> places, BsonArray after, Known known) {
        for (int i = 0; i < partner.length; i++) {
            BsonValue key = partner[i] < 0 ? known.by(after.get(i)) : null;
            Deque<Integer> candidates = key == null ? null : places.get(key);
            while (candidates != null && partner[i] < 0 && !candidates.isEmpty()) {
                int place = candidates.remove();
                if (paired[place] < 0) {
                    partner[i] = place;
                    paired[place] = i;
                }
            }
        }
    }

    private static void pairInOrder(int[] partner, int[] paired, BsonArray before, BsonArray after) {
        int next = 0;
        for (int i = 0; i < partner.length; i++) {
            while (next < paired.length && (paired[next] >= 0 || isCertain(before.get(next)))) {
                next++;
            }
            if (partner[i] < 0 && next < paired.length && !isCertain(after.get(i))) {
                partner[i] = next;
                paired[next] = i;
            }
        }
    }

    private static boolean isCertain(BsonValue item) {
        return item instanceof BsonDocument of
                && NAMES_OF_ITEMS.stream().limit(CERTAIN).anyMatch(name -> of.get(name) instanceof BsonString);
    }

    private static @Nullable BsonValue nameOf(BsonValue item) {
        if (!(item instanceof BsonDocument of)) {
            return null;
        }
        return NAMES_OF_ITEMS.stream()
                .filter(name -> of.get(name) instanceof BsonString)
                .findFirst()
                .map(name -> (BsonValue) new BsonDocument(name, of.get(name)))
                .orElse(null);
    }
}
