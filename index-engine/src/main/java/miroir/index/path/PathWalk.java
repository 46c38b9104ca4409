package miroir.index.path;

/**
 * The one pass over a resource.
 *
 * <p>Problem: a type has dozens of parameters, most of which begin with the same steps; evaluating each expression by
 * itself reads the same bytes dozens of times, and a FHIRPath engine builds a model and a list per step on top (milliseconds
 * where a write has microseconds).
 *
 * <p>Approach: all expressions of a type are one tree of element names, made once ({@link PathCompiler}). The walk goes
 * through the stored bytes in order; the hash of each name is computed while its end is looked for, and finds the child of
 * the tree or none, in which case the value is stepped over by its length. Nothing is allocated on the way: the tree position
 * is the Java stack, a value is (type, offset), and an object is made only for what is selected. A condition
 * ({@code where(…)}, {@code extension('…')}) is a branch of the tree that is entered for the values that meet it, so the
 * element is read once more for that branch; such elements are small.
 *
 * <p>Choice types, {@code as} and {@code ofType} cost nothing here: the compiler has turned them into element names
 * ({@code valueQuantity}). Contained resources are met only by expressions that say {@code contained}, as in FHIRPath. Nulls in
 * arrays hold the place of primitives that have extensions only, and are not values.
 */
final class PathWalk {
    private final byte[] bytes;
    private final int root;
    private final Selection selection;

    private PathWalk(RawValue start, Selection selection) {
        this.bytes = start.bytes();
        this.root = start.root();
        this.selection = selection;
    }

    static void from(PathNode node, RawValue start, Selection selection) {
        new PathWalk(start, selection).element(node, start.type(), start.at());
    }

    private void value(PathNode node, byte type, int at) {
        if (type == RawBytes.ARRAY) {
            array(node, at);
        } else if (type != RawBytes.NULL) {
            element(node, type, at);
            item(node, 0, type, at);
        }
    }

    private void array(PathNode node, int at) {
        int next = at + 4;
        int index = 0;
        while (bytes[next] != 0) {
            byte type = bytes[next];
            int value = RawBytes.endOfName(bytes, next + 1) + 1;
            if (type != RawBytes.NULL) {
                element(node, type, value);
                item(node, index, type, value);
            }
            index++;
            next = RawBytes.end(bytes, type, value);
        }
    }

    private void item(PathNode node, int index, byte type, int at) {
        for (int i = 0; i < node.items.size(); i++) {
            if (node.items.get(i).index() == index) {
                element(node.items.get(i).node(), type, at);
            }
        }
    }

    private void element(PathNode node, byte type, int at) {
        for (int i = 0; i < node.captures.size(); i++) {
            selection.select(node.captures.get(i), new RawValue(bytes, root, type, at));
        }
        for (int i = 0; i < node.guards.size(); i++) {
            PathNode.Guarded guarded = node.guards.get(i);
            if (guarded.condition().test(new RawValue(bytes, root, type, at)) == PathCondition.Outcome.TRUE) {
                element(guarded.node(), type, at);
            }
        }
        if (type == RawBytes.DOCUMENT && node.hasChildren()) {
            children(node, at);
        }
    }

    private void children(PathNode node, int at) {
        int next = at + 4;
        while (bytes[next] != 0) {
            int name = next + 1;
            int end = name;
            int hash = 0;
            while (bytes[end] != 0) {
                hash = 31 * hash + bytes[end++];
            }
            byte type = bytes[next];
            PathNode child = node.child(bytes, name, end, hash);
            if (child != null) {
                value(child, type, end + 1);
            }
            next = RawBytes.end(bytes, type, end + 1);
        }
    }
}
