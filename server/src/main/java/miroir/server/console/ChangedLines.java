package miroir.server.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Which lines of a text became others: so many of them, from one on, make room for these. What a second changes on a page is a number in a row: a
 * browser that has the page is sent that line, and not the page.
 *
 * <p>Where there are as many lines as before, each that is different is one, unless the first few went and as many came, as in a log that has its length; where there are more or
 * fewer, it is all that lies between what is the same at the beginning and at the end. That is not the least that could be sent, but found by looking at each line
 * a few times.
 */
record ChangedLines(int from, int removed, List<String> lines) {
    ChangedLines {
        lines = List.copyOf(lines);
    }

    /** Of a list that moves up, so many lines at most are looked for. */
    private static final int MOVED = 12;

    static List<ChangedLines> between(List<String> before, List<String> after) {
        if (before.size() != after.size()) {
            return List.of(one(before, after));
        }
        ChangedLines all = one(before, after);
        int size = all.lines().size();
        for (int by = 1; by <= Math.min(MOVED, size / 2); by++) {
            int kept = size - by;
            List<String> gone = before.subList(all.from(), all.from() + size);
            if (gone.subList(by, size).equals(all.lines().subList(0, kept))) {
                return List.of(
                        new ChangedLines(all.from(), by, List.of()),
                        new ChangedLines(all.from() + kept, 0, all.lines().subList(kept, size)));
            }
        }
        return each(before, after);
    }

    /** Neighbours are told together. */
    private static List<ChangedLines> each(List<String> before, List<String> after) {
        List<ChangedLines> changed = new ArrayList<>();
        int from = 0;
        while (from < after.size()) {
            int to = from;
            while (to < after.size() && !before.get(to).equals(after.get(to))) {
                to++;
            }
            if (to > from) {
                changed.add(new ChangedLines(from, to - from, after.subList(from, to)));
            }
            from = to + 1;
        }
        return changed;
    }

    private static ChangedLines one(List<String> before, List<String> after) {
        int shorter = Math.min(before.size(), after.size());
        int same = 0;
        while (same < shorter && before.get(same).equals(after.get(same))) {
            same++;
        }
        int sameAtEnd = 0;
        while (sameAtEnd < shorter - same
                && before.get(before.size() - 1 - sameAtEnd).equals(after.get(after.size() - 1 - sameAtEnd))) {
            sameAtEnd++;
        }
        return new ChangedLines(same, before.size() - same - sameAtEnd, after.subList(same, after.size() - sameAtEnd));
    }
}
