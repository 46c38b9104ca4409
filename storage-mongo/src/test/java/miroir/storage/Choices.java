package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tries every sequence of choices. A run is repeated from its beginning for each: it asks here wherever it could go on in
 * several ways, and is answered as the last time up to the last choice that has an alternative left, which is taken.
 */
final class Choices {
    private final List<Integer> taken = new ArrayList<>();
    private final List<Integer> alternatives = new ArrayList<>();
    private int next;

    private Choices() {}

    /** Whether all runs are as they should be; ends with the first that is not. */
    static boolean all(Predicate<Choices> run) {
        Choices choices = new Choices();
        do {
            choices.next = 0;
            if (!run.test(choices)) {
                return false;
            }
        } while (choices.advance());
        return true;
    }

    /** One of so many ways, from 0. */
    int of(int ways) {
        if (next == taken.size()) {
            taken.add(0);
            alternatives.add(ways);
        }
        return taken.get(next++);
    }

    private boolean advance() {
        for (int last = taken.size() - 1; last >= 0; last--) {
            int choice = taken.get(last) + 1;
            if (choice < alternatives.get(last)) {
                taken.set(last, choice);
                return true;
            }
            taken.remove(last);
            alternatives.remove(last);
        }
        return false;
    }
}
