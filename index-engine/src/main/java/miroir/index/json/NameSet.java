package miroir.index.json;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The names that an object has had so far. Objects of FHIR have few, so they are compared one by one (the parser gives
 * the same instance for the same name); an object with many, which only an attacker sends, falls back to hashing.
 */
final class NameSet {
    private static final int FEW = 24;

    private final String[] few = new String[FEW];
    private final Set<String> many = new HashSet<>();
    private int size;

    /** Adds a name; false if it was there. */
    boolean add(String name) {
        for (int i = 0; i < size; i++) {
            if (few[i].equals(name)) {
                return false;
            }
        }
        if (size < FEW) {
            few[size++] = name;
            return true;
        }
        return many.add(name);
    }

    void clear() {
        Arrays.fill(few, 0, size, "");
        size = 0;
        if (!many.isEmpty()) {
            many.clear();
        }
    }
}
