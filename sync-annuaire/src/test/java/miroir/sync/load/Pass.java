package miroir.sync.load;

import java.util.List;
import org.bson.Document;

/**
 * One run of the daemon's program, and what it took.
 *
 * @param samples from its begin to its end
 * @param printed what it said
 * @param waits milliseconds that writes waited for the journal and a majority, all connections together
 */
record Pass(
        int status,
        List<Sample> samples,
        double simulatorCpu,
        HeapLog.Heap heap,
        long peakKilobytes,
        long waits,
        String printed) {
    Pass {
        samples = List.copyOf(samples);
    }

    double seconds() {
        return last().seconds();
    }

    private Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** For the proof: seconds as a whole, CPU in microseconds for each of so many resources. */
    Document figures(long resources) {
        double databaseCpu = last().databaseCpu() - samples.get(0).databaseCpu();
        return new Document("seconds", Math.round(seconds()))
                .append("perSecond", Math.round(resources / seconds()))
                .append("daemonMicros", micros(last().daemonCpu(), resources))
                .append("mongodMicros", micros(databaseCpu, resources))
                .append("simulatorMicros", micros(simulatorCpu, resources))
                .append("waitMicros", micros(waits / 1e3, resources))
                .append("heapAtMostMB", heap.most())
                .append("heapLowMB", heap.low())
                .append("residentAtMostMB", peakKilobytes / 1024);
    }

    private static long micros(double seconds, long resources) {
        return Math.round(seconds * 1e6 / resources);
    }
}
