package miroir.benchmarks.checks;

import miroir.benchmarks.Pairs;

/** What reads cost one asker, beside what they cost nobody in the same rounds. */
record Checked(Asker asker, Pairs pairs) {
    /** By how much reads may be dearer. */
    static final double TARGET = 1.10;

    boolean isReached() {
        return pairs.upperBound() < TARGET;
    }
}
