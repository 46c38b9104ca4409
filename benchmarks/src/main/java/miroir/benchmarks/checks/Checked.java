package miroir.benchmarks.checks;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What reads cost one asker, beside what they cost nobody in the same rounds.
 *
 * @param micros CPU of server and database per read, round by round
 * @param ofNobody the same of nobody
 */
record Checked(Asker asker, List<Double> micros, List<Double> ofNobody) {
    /** By how much reads may be dearer. */
    static final double TARGET = 1.10;

    /** Ten of twelve: were the true median above the tenth smallest ratio, that would come about once in fifty times. */
    private static final double BOUND = 10.0 / 12;

    /** How much dearer reads are, pair by pair, from the smallest on. */
    List<Double> ratios() {
        return IntStream.range(0, micros.size())
                .mapToObj(round -> micros.get(round) / ofNobody.get(round))
                .sorted()
                .toList();
    }

    double median() {
        List<Double> ratios = ratios();
        int middle = ratios.size() / 2;
        return ratios.size() % 2 == 1 ? ratios.get(middle) : (ratios.get(middle - 1) + ratios.get(middle)) / 2;
    }

    /** What the median is not above. */
    double upperBound() {
        List<Double> ratios = ratios();
        return ratios.get((int) Math.ceil(ratios.size() * BOUND) - 1);
    }

    double medianMicros() {
        return micros.stream().sorted().skip(micros.size() / 2).findFirst().orElse(Double.NaN);
    }

    boolean isReached() {
        return upperBound() < TARGET;
    }
}
