package miroir.index.registry;

import miroir.index.SearchParameter;
import miroir.index.structure.Structures;
import org.jspecify.annotations.Nullable;

/** Whether the expression of a declared parameter can be used. */
final class PathJudge {
    private PathJudge() {}

    /** What is wrong with it, or null. */
    static @Nullable String problem(Structures structures, SearchParameter parameter) {
        return null;
    }
}
