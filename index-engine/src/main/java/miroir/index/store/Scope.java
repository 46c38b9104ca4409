package miroir.index.store;

import java.util.Map;
import miroir.index.search.Condition;

/**
 * What a caller may see, or do something with, of each type: the resources that meet a condition.
 *
 * @param ofTypes by type
 * @param ofOthers of the types that are not named
 */
public record Scope(Map<String, Condition> ofTypes, Condition ofOthers) {
    private static final Scope EVERYTHING = new Scope(Map.of(), Condition.all());
    private static final Scope NOTHING = new Scope(Map.of(), Condition.none());

    public Scope {
        ofTypes = Map.copyOf(ofTypes);
        ofTypes.values().forEach(Scope::requireFlat);
        requireFlat(ofOthers);
    }

    /** All of all types. */
    public static Scope everything() {
        return EVERYTHING;
    }

    /** Nothing of any type. */
    public static Scope nothing() {
        return NOTHING;
    }

    /** What meets these conditions, and nothing of the types that are not named. */
    public static Scope of(Map<String, Condition> ofTypes) {
        return new Scope(ofTypes, Condition.none());
    }

    /** What a resource of that type has to meet. */
    public Condition of(String type) {
        return ofTypes.getOrDefault(type, ofOthers);
    }

    /** Whether nothing is outside of it, as its form shows. */
    public boolean isEverything() {
        return ofOthers.isAll()
                && (ofTypes.isEmpty() || ofTypes.values().stream().allMatch(Condition::isAll));
    }

    /** Whether everything or nothing of a type is within it, so that no search field has to be looked at. */
    public boolean isPlain(String type) {
        Condition condition = of(type);
        return condition.isAll() || condition.isNone();
    }

    /** What one resource may be would depend on others, which change without it. */
    private static void requireFlat(Condition condition) {
        if (condition.isLinked()) {
            throw new IllegalArgumentException(
                    "a scope is about each resource alone, without chains and _has: " + condition);
        }
    }
}
