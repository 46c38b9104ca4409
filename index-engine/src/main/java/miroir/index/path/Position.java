package miroir.index.path;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a path has got to while it is compiled: a node of the tree and the type of the values there.
 *
 * @param many whether more than one value can be there
 * @param manyBefore whether that was so before the last step
 * @param owner the node whose child this one is by name; null behind a condition or an index, where the step back to
 *     {@code _name} is lost
 * @param name the JSON name under the owner
 * @param systems of the codes there, where the binding implies them
 */
record Position(
        PathNode node,
        String type,
        boolean many,
        boolean manyBefore,
        @Nullable PathNode owner,
        String name,
        Map<String, String> systems) {

    static Position root(PathNode node, String type) {
        return new Position(node, type, false, false, null, "", Map.of());
    }

    /** The same values, less those that do not meet a condition. */
    Position narrowed(PathNode narrower, String narrowerType) {
        return new Position(narrower, narrowerType, many, manyBefore, null, "", systems);
    }
}
