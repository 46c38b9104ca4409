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
        boolean indexed = parameter.isBuiltIn() || (parameter.indexed() && hasRoom(parameter.code(), parameter));
        return parameter.with(indexed, parameter.sortable());
    }

    /** The same for sorting; searches come first. */
    SearchParameter settleSorting(SearchParameter parameter) {
        boolean sortable = parameter.sortable() && fit("_sort=" + parameter.code(), IndexKey.ofSorting(parameter));
        return parameter.with(parameter.indexed(), parameter.isBuiltIn() || sortable);
    }

    private boolean hasRoom(String what, SearchParameter parameter) {
        List<IndexKey> keys = IndexKey.of(parameter);
        return fit(what, keys) && !keys.isEmpty();
    }

    private boolean fit(String what, List<IndexKey> keys) {
        Set<IndexKey> together = new LinkedHashSet<>(taken);
        together.addAll(keys);
        if (together.size() > IndexKey.AT_MOST) {
            leftOut.add(what);
            return false;
        }
        taken.addAll(keys);
        return true;
    }

    /** What should have an index and has none, because others took the room. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }
}
