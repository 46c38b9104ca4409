package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;

/**
 * What a test of an interval {@code {s, e}} says about its ends. No interval ends before it starts: what ends before an
 * instant starts before it, and what starts after one ends after it. The index on {@code {s, e}} is of use only with a
 * bound on {@code s}, so what follows is added to the test; a lower bound on the end alone says nothing about the start, and
 * is what the index on {@code e} is for.
 *
 * @param tests all that has to be met, what follows included
 */
record IntervalBounds(Condition tests, boolean boundsStart, boolean boundsEnd) {
    private static final String START = "s";
    private static final String END = "e";

    static IntervalBounds of(Condition test) {
        List<Condition> tests = new ArrayList<>();
        tests.add(test);
        List<Condition> parts = test instanceof Condition.And and ? and.parts() : List.of(test);
        boolean start = false;
        boolean end = false;
        for (Condition part : parts) {
            if (part instanceof Condition.Range range) {
                range.bounds().forEach(bound -> addWhatFollows(range.field(), bound, tests));
                end = end || range.field().equals(END);
                start = start || range.field().equals(START);
            }
        }
        boolean followed = tests.stream()
                .anyMatch(each ->
                        each instanceof Condition.Range range && range.field().equals(START));
        return new IntervalBounds(new Condition.And(tests), start || followed, end);
    }

    private static void addWhatFollows(String field, Condition.Bound bound, List<Condition> tests) {
        boolean upper =
                bound.comparison() == Condition.Comparison.LESS || bound.comparison() == Condition.Comparison.AT_MOST;
        if (field.equals(END) && upper) {
            tests.add(new Condition.Range(START, List.of(bound)));
        } else if (field.equals(START) && !upper) {
            tests.add(new Condition.Range(END, List.of(bound)));
        }
    }
}
