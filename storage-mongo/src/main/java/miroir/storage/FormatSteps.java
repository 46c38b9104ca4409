package miroir.storage;

import java.time.Duration;
import java.util.List;

/**
 * The steps from the first format to the newest that is known here, in order.
 *
 * <p>What a step has to keep to: it leads to the number after the one before it and is never changed or removed once it was released, since some database may not have had it.
 * It changes single documents, each only where it still is what was read, and neither version, instant nor position, so nobody who reads or follows notices. It goes by types,
 * and finds again what is to be done. Where older Miroirs would misread what is written from now on, it says so ({@link FormatStep#writers}): they are shut out at once, and
 * it begins when none of them is left.
 *
 * @param lastCommits after which nothing can be applied any more that was begun before
 */
record FormatSteps(List<FormatStep> all, Duration lastCommits) {
    /** Transactions take longest (ADR 25), and a row on the board of floors outlasts them. */
    private static final Duration USUAL = Duration.ofMinutes(2);

    FormatSteps {
        all = List.copyOf(all);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).number() != StoredFormat.FIRST + 1 + i) {
                throw new IllegalArgumentException("no step leads to format " + (StoredFormat.FIRST + 1 + i));
            }
        }
    }

    /** Those that there are. */
    static FormatSteps shipped() {
        return new FormatSteps(
                List.of(new FormatStep(
                        2,
                        StoredFormat.FIRST,
                        "noting what was put again after a deletion",
                        (database, type, pace) -> new MarkReturns(database).run(type, pace))),
                USUAL);
    }

    /** The format that everything is written in. */
    int newest() {
        return StoredFormat.FIRST + all.size();
    }

    /** The oldest format whose Miroir may go on beside the newest. */
    int writers() {
        return all.stream().mapToInt(FormatStep::writers).max().orElse(StoredFormat.FIRST);
    }

    /** Those that a database still needs. */
    List<FormatStep> after(int complete) {
        return all.stream().filter(step -> step.number() > complete).toList();
    }
}
