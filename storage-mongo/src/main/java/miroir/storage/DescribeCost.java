package miroir.storage;

import java.util.Set;
import miroir.index.search.Condition;

/** Names what a search goes by and what it tests on the way, for whoever has to make it cheaper. */
final class DescribeCost {
    private DescribeCost() {}

    static String of(Walk walk, Condition condition) {
        Set<String> tested = TestedFields.of(condition);
        tested.remove(walk.by());
        return walk.by() + (tested.isEmpty() ? "" : " and testing " + String.join(", ", tested));
    }

    /** The same of what is checked against other types. */
    static String linked(Condition condition) {
        return "position and testing " + String.join(", ", TestedFields.of(condition));
    }
}
