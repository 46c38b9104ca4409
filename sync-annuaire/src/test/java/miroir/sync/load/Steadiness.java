package miroir.sync.load;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the first and the last tenth of a type took. Types come one after the other and differ in what they cost, so a tenth is one of
 * a type: as many resources of the same kind.
 */
record Steadiness(String type, long resources, Tenth first, Tenth last) {

    /** So many seconds, and CPU seconds of daemon and database. */
    record Tenth(double seconds, double daemonCpu, double databaseCpu) {
        Tenth and(Tenth other) {
            return new Tenth(seconds + other.seconds, daemonCpu + other.daemonCpu, databaseCpu + other.databaseCpu);
        }

        double cpu() {
            return daemonCpu + databaseCpu;
        }
    }

    /** From samples in their order; what lies between two of them is taken as even. */
    static Steadiness of(String type, List<Sample> samples) {
        long all = samples.get(samples.size() - 1).stored(type);
        // The wait for the first resource, such as the counting of windows, belongs to no tenth.
        long begin = samples.stream()
                .mapToLong(sample -> sample.stored(type))
                .filter(stored -> stored > 0)
                .findFirst()
                .orElse(0);
        long tenth = (all - begin) / 10;
        return new Steadiness(
                type, all, between(type, samples, begin, begin + tenth), between(type, samples, all - tenth, all));
    }

    /** The rate of the last tenth, divided by that of the first. */
    double ratio() {
        return first.seconds / last.seconds;
    }

    private static Tenth between(String type, List<Sample> samples, long from, long to) {
        return new Tenth(
                at(type, samples, to, Sample::seconds) - at(type, samples, from, Sample::seconds),
                at(type, samples, to, Sample::daemonCpu) - at(type, samples, from, Sample::daemonCpu),
                at(type, samples, to, Sample::databaseCpu) - at(type, samples, from, Sample::databaseCpu));
    }

    /** A figure at the moment when so many were stored. */
    private static double at(String type, List<Sample> samples, long stored, ToDoubleFunction<Sample> figure) {
        Sample before = samples.get(0);
        for (Sample sample : samples) {
            if (sample.stored(type) >= stored) {
                long more = sample.stored(type) - before.stored(type);
                double share = more == 0 ? 1 : (double) (stored - before.stored(type)) / more;
                double from = figure.applyAsDouble(before);
                return from + share * (figure.applyAsDouble(sample) - from);
            }
            before = sample;
        }
        throw new IllegalArgumentException("there were never " + stored + " of " + type);
    }
}
