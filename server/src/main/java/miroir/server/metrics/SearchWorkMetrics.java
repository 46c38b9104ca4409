package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import miroir.storage.SearchWork;
import org.jspecify.annotations.Nullable;

/**
 * What is done beside serving, so that more can be searched: after a change of search parameters everything else is answered, so {@link ReadinessMetrics} says nothing of it. Not a number
 * where the database has not said anything for a minute.
 */
public final class SearchWorkMetrics {
    /** What moves in minutes may be as old as the question before; who reads all metrics waits for others as well. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final KnownLately<SearchWork> known;
    private volatile @Nullable SearchWork last;

    public SearchWorkMetrics(Supplier<SearchWork> work, MeterRegistry meters) {
        this.known = new KnownLately<>("metrics-search-work", PATIENCE, work);
        gauge(
                meters,
                "search.parameters.pending",
                "search parameters that cannot be searched yet",
                SearchWork::pending);
        gauge(meters, "search.fields.done", "versions whose search fields were made anew", SearchWork::fieldsDone);
        gauge(meters, "search.fields.most", "how many there are at most to be made anew", SearchWork::fieldsMost);
        gauge(meters, "index.builds", "builds of indexes that the database does", SearchWork::builds);
        gauge(meters, "index.builds.done", "how much of their phases is done", SearchWork::buildsDone);
        gauge(meters, "index.builds.all", "how much there is to do in these phases", SearchWork::buildsAll);
    }

    private void gauge(MeterRegistry meters, String name, String description, ToDoubleFunction<SearchWork> read) {
        Gauge.builder("miroir." + name, this, all -> all.read(read))
                .description(description)
                .register(meters);
    }

    private double read(ToDoubleFunction<SearchWork> value) {
        SearchWork present = last;
        return present == null ? Double.NaN : value.applyAsDouble(present);
    }

    /** Called before it is told. */
    public void refresh() {
        SearchWork present = known.get();
        last = known.isFresh() ? present : null;
    }
}
