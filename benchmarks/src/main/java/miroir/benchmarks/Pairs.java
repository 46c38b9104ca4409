package miroir.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What requests cost one way, beside what the same cost the plain way in the same rounds.
 *
 * @param micros CPU of server and database per request, round by round
 * @param plain the same of the plain way
 */
public record Pairs(List<Double> micros, List<Double> plain) {
    public Pairs {
        micros = List.copyOf(micros);
        plain = List.copyOf(plain);
    }

    /** How seldom the true median may be above what is said to be its bound. */
    private static final double SELDOM = 0.02;

    /** How much dearer it is, pair by pair, from the smallest on. */
    public List<Double> ratios() {
        return IntStream.range(0, micros.size())
                .mapToObj(round -> micros.get(round) / plain.get(round))
                .sorted()
                .toList();
    }

    public double median() {
        return Median.of(ratios(), Double::doubleValue);
    }

    /** What the median is not above. */
    public double upperBound() {
        List<Double> ratios = ratios();
        return ratios.get(rankOfBound(ratios.size()) - 1);
    }

    /**
     * Were the true median above the k-th smallest of some ratios, k of them or more would be below it, each by the chance of a coin. The
     * smallest k for which that is seldom: the tenth of twelve, the twenty-fifth of thirty-six.
     */
    static int rankOfBound(int pairs) {
        double chance = Math.pow(0.5, pairs);
        double together = 0;
        int rank = pairs;
        while (rank > 0 && together + chance <= SELDOM) {
            together += chance;
            chance *= rank / (pairs - rank + 1.0);
            rank--;
        }
        return Math.min(pairs, rank + 1);
    }

    public double medianMicros() {
        return Median.of(micros, Double::doubleValue);
    }
}
