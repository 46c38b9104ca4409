package miroir.storage;

import java.util.List;

/**
 * Some of the deletions of a type, in the order in which what was deleted had been created.
 *
 * @param reached all of what stood up to this position is there by now; the largest number: there are no more
 */
public record DeletionsPage(List<Committed> deletions, long reached) {
    public DeletionsPage {
        deletions = List.copyOf(deletions);
    }

    /** Whether there may be more. */
    public boolean more() {
        return reached < Long.MAX_VALUE;
    }
}
