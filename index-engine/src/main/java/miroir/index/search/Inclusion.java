package miroir.index.search;

import java.util.List;
import miroir.index.search.Condition.Direction;

/**
 * What is answered beside the matches: resources that they refer to, or that refer to them.
 *
 * @param direction who refers to whom, as seen from what is on the page
 * @param type of those that refer
 * @param field their references
 * @param targets the types of those that are referred to; empty: all
 * @param iterated whether it is done for what is included as well
 */
public record Inclusion(Direction direction, String type, String field, List<String> targets, boolean iterated) {
    public Inclusion {
        targets = List.copyOf(targets);
    }

    /** Whether a resource of that type may be referred to. */
    public boolean mayTarget(String other) {
        return targets.isEmpty() || targets.contains(other);
    }
}
