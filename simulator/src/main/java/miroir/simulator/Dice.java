package miroir.simulator;

/**
 * A stream of pseudo-random numbers (SplitMix64). Each resource throws its own dice, so that any one of them can be
 * made without the others.
 */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    Dice(long seed, Kind kind, long index) {
        this.state = mix(mix(seed + GOLDEN * kind.type().hashCode()) + GOLDEN * index);
    }

    /** A well spread hash of one number. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** 0 to bound - 1, all as likely. */
    int below(int bound) {
        state += GOLDEN;
        return (int) (((mix(state) >>> 32) * bound) >>> 32);
    }

    /** 0 to bound - 1, the small ones more likely: a few names are very common. */
    int skewedBelow(int bound) {
        long first = below(bound);
        return (int) (first * (below(bound) + 1L) / bound);
    }

    boolean chance(int percent) {
        return below(100) < percent;
    }

    @SafeVarargs
    final <T> T pick(T... values) {
        return values[below(values.length)];
    }

    /** A day of one of these years. */
    String dayOf(int firstYear, int lastYear) {
        return firstYear + below(lastYear - firstYear + 1) + monthAndDay();
    }

    /** {@code -MM-DD}. */
    String monthAndDay() {
        int month = 1 + below(12);
        int day = 1 + below(28);
        return (month < 10 ? "-0" : "-") + month + (day < 10 ? "-0" : "-") + day;
    }

    /** So many decimal digits. */
    String digits(int count) {
        StringBuilder digits = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + below(10)));
        }
        return digits.toString();
    }
}
