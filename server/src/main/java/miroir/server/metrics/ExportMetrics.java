package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Predicate;
import miroir.server.export.KnownExports;
import miroir.server.export.KnownExports.Known;

/** How exports in bulk stand, from what is written down in the database: every server tells it, whichever cuts them. Whose they are, and of what, is nobody's business here. */
public final class ExportMetrics {
    private final KnownLately<List<Known>> known;
    private volatile List<Known> last = List.of();

    public ExportMetrics(KnownExports exports, MeterRegistry meters) {
        this.known = new KnownLately<>("metrics-exports", exports::all);
        for (String state : List.of("cutting", "complete", "failed")) {
            Gauge.builder(
                            "miroir.exports",
                            this,
                            all -> all.count(each -> each.state().equals(state)))
                    .tag("state", state)
                    .description("exports that are not over, by their state")
                    .register(meters);
        }
        Gauge.builder("miroir.exports.held", this, all -> all.count(Known::isHeld))
                .description("exports that some server is cutting")
                .register(meters);
    }

    /** Called before they are told. */
    public void refresh() {
        List<Known> now = known.get();
        last = now == null ? last : now;
    }

    private long count(Predicate<Known> which) {
        return last.stream().filter(which).count();
    }
}
