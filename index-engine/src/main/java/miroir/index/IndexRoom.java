package miroir.index;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gives the indexes of one type to its parameters, in order, until there are as many as a type may have. */
final class IndexRoom {
    private final Set<IndexKey> taken = new LinkedHashSet<>();
    private final List<String> leftOut = new ArrayList<>();

    /** The parameter, indexed if it is to be and can be. */
    SearchParameter settle(SearchParameter parameter) {
        return parameter.with(
                parameter.isBuiltIn() || (parameter.indexed() && hasIndex(parameter)), parameter.sortable());
    }

    private boolean hasIndex(SearchParameter parameter) {
        List<IndexKey> keys = IndexKey.of(parameter);
        Set<IndexKey> together = new LinkedHashSet<>(taken);
        together.addAll(keys);
        if (together.size() > IndexKey.AT_MOST) {
            leftOut.add(parameter.code());
            return false;
        }
        taken.addAll(keys);
        return !keys.isEmpty();
    }

    /** What should have an index and has none, because others took the room. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }
}
