package miroir.index.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a walk through a resource is, kept cheaply so that the FHIRPath is only composed when something is wrong. */
public final class ElementPath {
    private static final int NO_INDEX = -1;

    private @Nullable String[] names = new String[16];
    private int[] indexes = new int[16];
    private int depth;
    private String root = "Resource";

    /** What the path starts with: the type of the resource, as soon as it is known. */
    public void root(String type) {
        root = type;
    }

    /** Moves into an element. */
    public void enter(String name) {
        if (depth == names.length) {
            names = Arrays.copyOf(names, 2 * depth);
            indexes = Arrays.copyOf(indexes, 2 * depth);
        }
        names[depth] = name;
        indexes[depth++] = NO_INDEX;
    }

    /** Moves to an element of the array that was entered. */
    public void index(int index) {
        indexes[depth - 1] = index;
    }

    /** Moves out of the element that was entered last. */
    public void leave() {
        depth--;
    }

    /** In how many elements it is. */
    public int depth() {
        return depth;
    }

    /** Moves out of all elements but so many. */
    public void leaveTo(int outer) {
        depth = outer;
    }

    /** As FHIRPath; what stands under {@code _birthDate} belongs to {@code birthDate}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(root);
        for (int i = 0; i < depth; i++) {
            String name = String.valueOf(names[i]);
            text.append('.').append(name.startsWith("_") ? name.substring(1) : name);
            if (indexes[i] != NO_INDEX) {
                text.append('[').append(indexes[i]).append(']');
            }
        }
        return text.toString();
    }
}
