package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import miroir.server.export.KnownExports;
import miroir.server.export.KnownExports.Standing;
import org.jspecify.annotations.Nullable;

/**
 * How exports in bulk stand, from what is written down in the database: every server tells it, whichever cuts them. Whose they are, and of what, is nobody's business here. Not a number where the database has
 * not said anything for a minute.
 */
public final class ExportMetrics {
    private final KnownLately<Standing> known;
    private volatile @Nullable Standing last;

    public ExportMetrics(KnownExports exports, MeterRegistry meters) {
        this.known = new KnownLately<>("metrics-exports", exports::standing);
        for (String state : List.of("cutting", "complete", "failed")) {
            Gauge.builder(
                            "miroir.exports",
                            this,
                            all -> all.read(standing -> standing.byState().getOrDefault(state, 0L)))
                    .tag("state", state)
                    .description("exports that are not over, by their state")
                    .register(meters);
        }
        Gauge.builder("miroir.exports.held", this, all -> all.read(Standing::held))
                .description("exports that some server is cutting")
                .register(meters);
    }

    /** Called before they are told. */
    public void refresh() {
        Standing now = known.get();
        last = known.isFresh() ? now : null;
    }

    private double read(ToDoubleFunction<Standing> value) {
        Standing present = last;
        return present == null ? Double.NaN : value.applyAsDouble(present);
    }
}
