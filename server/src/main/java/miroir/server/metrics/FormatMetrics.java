package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import miroir.storage.MongoResourceStore;

/** In which format the database is kept, as it said last. */
public final class FormatMetrics {
    private FormatMetrics() {}

    /** Has them told from now on. */
    public static void show(MongoResourceStore store, MeterRegistry meters) {
        Gauge.builder("miroir.stored.format", store, stored -> stored.format().number())
                .description("the stored format that everything is written in; 0 before the database was asked")
                .register(meters);
        Gauge.builder(
                        "miroir.stored.format.complete",
                        store,
                        stored -> stored.format().complete())
                .description(
                        "the stored format that all that is stored has reached; less than the other while it is being brought there")
                .register(meters);
    }
}
