package miroir.index.path;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in the compiled tree: what is done with the values there. It grows while expressions are compiled and does not
 * change afterwards.
 */
final class PathNode {
    /** Where the walk goes on in values for which a condition holds. */
    record Guarded(PathCondition condition, PathNode node) {}

    /** Where the walk goes on in one element of an array. */
    record Indexed(int index, PathNode node) {}

    private static final int INITIAL_BUCKETS = 8;

    final List<Capture> captures = new ArrayList<>();
    final List<Guarded> guards = new ArrayList<>();
    final List<Indexed> items = new ArrayList<>();
    private final Map<String, PathNode> guardsByText = new LinkedHashMap<>();
    private @Nullable Child[] buckets = new @Nullable Child[INITIAL_BUCKETS];
    private int childCount;

    /** Names are found by hash; the chain is in order of insertion and nearly always of length one. */
    private record Child(
            String name, PathNode node, @Nullable Child next) {}

    PathNode child(String name) {
        int hash = name.hashCode();
        PathNode known = find(name);
        if (known != null) {
            return known;
        }
        if (++childCount > buckets.length / 2) {
            grow();
        }
        int bucket = hash & (buckets.length - 1);
        Child child = new Child(name, new PathNode(), buckets[bucket]);
        buckets[bucket] = child;
        return child.node;
    }

    private @Nullable PathNode find(String name) {
        for (Child child = buckets[name.hashCode() & (buckets.length - 1)]; child != null; child = child.next) {
            if (child.name.equals(name)) {
                return child.node;
            }
        }
        return null;
    }

    private void grow() {
        @Nullable Child[] old = buckets;
        buckets = new @Nullable Child[old.length * 2];
        for (Child chain : old) {
            for (Child child = chain; child != null; child = child.next) {
                int bucket = child.name.hashCode() & (buckets.length - 1);
                buckets[bucket] = new Child(child.name, child.node, buckets[bucket]);
            }
        }
    }

    boolean hasChildren() {
        return childCount > 0;
    }

    /** The child whose name stands between two places, given the hash that {@link String} would have; null if none. */
    @Nullable
    PathNode child(byte[] bytes, int from, int to, int hash) {
        for (Child child = buckets[hash & (buckets.length - 1)]; child != null; child = child.next) {
            if (RawBytes.isName(bytes, from, to, child.name)) {
                return child.node;
            }
        }
        return null;
    }

    PathNode item(int index) {
        for (Indexed item : items) {
            if (item.index == index) {
                return item.node;
            }
        }
        Indexed item = new Indexed(index, new PathNode());
        items.add(item);
        return item.node;
    }

    /** The node for values that meet a condition; conditions with the same text on the same type are one. */
    PathNode guarded(String text, PathCondition condition) {
        return guardsByText.computeIfAbsent(text, t -> {
            Guarded guarded = new Guarded(condition, new PathNode());
            guards.add(guarded);
            return guarded.node;
        });
    }
}
