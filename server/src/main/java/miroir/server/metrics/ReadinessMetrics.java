package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import org.jspecify.annotations.Nullable;

/** Whether searches can be answered, as {@code /health/ready} says it. */
public final class ReadinessMetrics {
    private final KnownLately<Readiness> known;
    private final AtomicInteger ready = new AtomicInteger();

    public ReadinessMetrics(ResourceStore store, MeterRegistry meters) {
        this.known = new KnownLately<>("metrics-readiness", store::readiness);
        Gauge.builder("miroir.ready", ready, AtomicInteger::get)
                .description("1 where the database answers and all indexes are built")
                .register(meters);
    }

    /** Asks anew, or goes on with what was known for a minute. */
    public void refresh() {
        @Nullable Readiness present = known.get();
        ready.set(present != null && present.ready() && known.isFresh() ? 1 : 0);
    }
}
