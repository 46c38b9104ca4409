package miroir.sync.run;

import java.util.ArrayList;
import java.util.List;
import miroir.storage.sync.Definition;

/** What a comparison has found so far; of the differences the first ones by name. */
final class Findings {
    private static final int SHOWN = 100;

    private long compared;
    private long differences;
    private long behind;
    private long leftOut;
    private final List<String> named = new ArrayList<>();

    void compared(long more) {
        compared += more;
    }

    void add(String difference) {
        differences++;
        if (named.size() < SHOWN) {
            named.add(difference);
        }
    }

    void behind(long more) {
        behind += more;
    }

    /** What was erased here, or cannot be stored: nobody expects it here. */
    void leftOut(long more) {
        leftOut += more;
    }

    void and(Findings other) {
        compared += other.compared;
        differences += other.differences;
        behind += other.behind;
        leftOut += other.leftOut;
        other.named.stream().limit(SHOWN - (long) named.size()).forEach(named::add);
    }

    CheckCopy.Report report(Definition definition, long there, long here) {
        return new CheckCopy.Report(
                definition, there, here, compared, differences, behind, leftOut, List.copyOf(named));
    }
}
