package miroir.index;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what somebody meant who wrote a name that is not known, for the "did you mean" of refusals. */
public final class NearestName {
    /** Comparing kilobytes with every name would take its time, and nobody meant a name by them. */
    private static final int LONGEST = 64;

    private NearestName() {}

    /** The known name that differs least, in one letter of three at most; letter case does not count. */
    public static Optional<String> of(String unknown, Collection<String> known) {
        if (unknown.length() > LONGEST) {
            return Optional.empty();
        }
        int tolerated = Math.max(1, unknown.length() / 3);
        return known.stream()
                .filter(name -> distance(unknown, name) <= tolerated)
                .min(Comparator.<String>comparingInt(name -> distance(unknown, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The end of a sentence that refuses a name: {@code did you mean "x"? Allowed are w, x, y}. */
    public static String hint(String unknown, Collection<String> known) {
        String guess = of(unknown, known)
                .map(name -> "did you mean \"" + name + "\"? Allowed")
                .orElse("allowed");
        return guess + " are " + String.join(", ", known);
    }

    /** Letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
