package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;

/**
 * Adds to a test of an interval {@code {s, e}} what follows from it because no interval ends before it starts: what ends
 * before an instant starts before it, and what starts after one ends after it. The index is on {@code s} first, so without
 * this a test of the end alone would read all of it.
 */
final class TightenInterval {
    private static final String START = "s";
    private static final String END = "e";

    private TightenInterval() {}

    static Condition of(Condition test) {
        List<Condition> tests = new ArrayList<>();
        tests.add(test);
        List<Condition> parts = test instanceof Condition.And and ? and.parts() : List.of(test);
        for (Condition part : parts) {
            if (part instanceof Condition.Range range) {
                range.bounds().forEach(bound -> implied(range.field(), bound, tests));
            }
        }
        return new Condition.And(tests);
    }

    private static void implied(String field, Condition.Bound bound, List<Condition> tests) {
        boolean upper =
                bound.comparison() == Condition.Comparison.LESS || bound.comparison() == Condition.Comparison.AT_MOST;
        if (field.equals(END) && upper) {
            tests.add(new Condition.Range(START, List.of(bound)));
        } else if (field.equals(START) && !upper) {
            tests.add(new Condition.Range(END, List.of(bound)));
        }
    }
}
