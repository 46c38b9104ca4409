package miroir.sync.load;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What the first and the last tenth took: of a whole load, and of one type in it. Types come one after the other and differ in what they
 * cost; and each begins with indexes that are empty, where everything is quick.
 */
record Steadiness(String of, long resources, Tenth first, Tenth last) {

    /** So many seconds, and CPU seconds of daemon and database. */
    record Tenth(double seconds, double daemonCpu, double databaseCpu) {
        double cpu() {
            return daemonCpu + databaseCpu;
        }
    }

    /** Of one type, from samples in their order; what lies between two of them is taken as even. */
    static Steadiness of(String type, List<Sample> samples) {
        return of(type, samples, sample -> sample.stored(type));
    }

    /** Of the whole load, whatever came when. */
    static Steadiness ofAll(List<Sample> samples) {
        return of("all", samples, Sample::storedOfAll);
    }

    private static Steadiness of(String what, List<Sample> samples, ToLongFunction<Sample> stored) {
        long all = stored.applyAsLong(samples.get(samples.size() - 1));
        // The wait for the first resource, such as the counting of windows, belongs to no tenth.
        long begin = samples.stream()
                .mapToLong(stored)
                .filter(resources -> resources > 0)
                .findFirst()
                .orElse(0);
        long tenth = (all - begin) / 10;
        return new Steadiness(
                what, all, between(stored, samples, begin, begin + tenth), between(stored, samples, all - tenth, all));
    }

    /** The rate of the last tenth, divided by that of the first. */
    double ratio() {
        return first.seconds / last.seconds;
    }

    private static Tenth between(ToLongFunction<Sample> stored, List<Sample> samples, long from, long to) {
        return new Tenth(
                at(stored, samples, to, Sample::seconds) - at(stored, samples, from, Sample::seconds),
                at(stored, samples, to, Sample::daemonCpu) - at(stored, samples, from, Sample::daemonCpu),
                at(stored, samples, to, Sample::databaseCpu) - at(stored, samples, from, Sample::databaseCpu));
    }

    /** A figure at the moment when so many were stored. */
    private static double at(
            ToLongFunction<Sample> stored, List<Sample> samples, long resources, ToDoubleFunction<Sample> figure) {
        Sample before = samples.get(0);
        for (Sample sample : samples) {
            if (stored.applyAsLong(sample) >= resources) {
                long earlier = stored.applyAsLong(before);
                long more = stored.applyAsLong(sample) - earlier;
                double share = more == 0 ? 1 : (double) (resources - earlier) / more;
                double from = figure.applyAsDouble(before);
                return from + share * (figure.applyAsDouble(sample) - from);
            }
            before = sample;
        }
        throw new IllegalArgumentException("there were never " + resources);
    }
}
