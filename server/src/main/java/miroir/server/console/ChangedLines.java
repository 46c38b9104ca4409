package miroir.server.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Which lines of a text became others: so many of them, from one on, make room for these. What a second changes on a page is a number in a row, a row that
 * came, or one that went: a browser that has the page is sent that line, and not the page.
 *
 * <p>Both texts are walked through together. Where they part, the nearest place is looked for at which they are the same again, no further than some lines
 * away in either, and what lies before it is what changed. That is not the least that could be sent: a line that stands in many places, such as the end of a row, may be
 * taken for another one of its kind. But tables and logs that move by some rows are told by these rows, in one walk, and the cost is bounded however much is different,
 * which that of finding the least is not.
 */
record ChangedLines(int from, int removed, List<String> lines) {
    ChangedLines {
        lines = List.copyOf(lines);
    }

    /** So many lines are looked at in either text where they part. */
    private static final int WINDOW = 40;

    /** How many lines of each text are passed. */
    private record Step(int before, int after) {}

    static List<ChangedLines> between(List<String> before, List<String> after) {
        List<ChangedLines> changes = new ArrayList<>();
        int a = 0;
        int b = 0;
        while (a < before.size() || b < after.size()) {
            Step step = apart(before.subList(a, before.size()), after.subList(b, after.size()));
            if (step.before() + step.after() > 0) {
                changes.add(new ChangedLines(b, step.before(), after.subList(b, b + step.after())));
            }
            a += step.before();
            b += step.after();
            while (a < before.size() && b < after.size() && before.get(a).equals(after.get(b))) {
                a++;
                b++;
            }
        }
        return joined(changes);
    }

    /** How far they are different; all of what is looked at, where they are the same nowhere in it. */
    private static Step apart(List<String> before, List<String> after) {
        int mostBefore = Math.min(WINDOW, before.size());
        int mostAfter = Math.min(WINDOW, after.size());
        for (int both = 0; both <= mostBefore + mostAfter; both++) {
            for (int i = Math.max(0, both - mostAfter); i <= Math.min(both, mostBefore); i++) {
                int j = both - i;
                boolean isSame =
                        i < before.size() && j < after.size() && before.get(i).equals(after.get(j));
                if (isSame) {
                    return new Step(i, j);
                }
            }
        }
        return new Step(mostBefore, mostAfter);
    }

    /** Neighbours are told together. */
    private static List<ChangedLines> joined(List<ChangedLines> changes) {
        List<ChangedLines> joined = new ArrayList<>();
        for (ChangedLines each : changes) {
            ChangedLines last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && last.from() + last.lines().size() == each.from()) {
                List<String> both = new ArrayList<>(last.lines());
                both.addAll(each.lines());
                joined.set(joined.size() - 1, new ChangedLines(last.from(), last.removed() + each.removed(), both));
            } else {
                joined.add(each);
            }
        }
        return joined;
    }
}
