package miroir.server.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How many notes were kept, and how many were not. */
final class NoteCounts {
    private final Counter written;
    private final Counter failed;
    private final Counter dropped;

    NoteCounts(MeterRegistry meters) {
        this.written = counter(meters, "written", "Notes that were kept");
        this.failed = counter(meters, "failed", "Notes that could not be kept, so that what was asked was refused");
        this.dropped = counter(meters, "dropped", "Notes of reads, refusals and outcomes that were not kept");
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder("miroir.audit." + name).description(description).register(meters);
    }

    void written(int notes) {
        written.increment(notes);
    }

    void failed(int notes) {
        failed.increment(notes);
    }

    void dropped(int notes) {
        dropped.increment(notes);
    }
}
