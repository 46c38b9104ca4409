package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import miroir.server.subscriptions.KnownSubscriptions;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import org.jspecify.annotations.Nullable;

/** How subscriptions are delivered, from what is written down in the database: every server tells it, whichever delivers them. What each asks about is nobody's business here. */
public final class SubscriptionMetrics {
    private static final double MILLIS = 1_000;

    private final KnownLately<List<Known>> known;
    private final InstantSource clock;
    private volatile @Nullable List<Known> last;

    public SubscriptionMetrics(KnownSubscriptions subscriptions, MeterRegistry meters, InstantSource clock) {
        this.known = new KnownLately<>("metrics-subscriptions", subscriptions::all);
        this.clock = clock;
        for (String status : List.of("requested", "active", "error", "off")) {
            Gauge.builder("miroir.subscriptions", this, all -> all.with(status))
                    .tag("status", status)
                    .description("subscriptions by their status")
                    .register(meters);
        }
        gauge(
                meters,
                "delivered",
                "active ones that some server delivers",
                all -> all.sum(each -> each.isDelivered() ? 1 : 0));
        gauge(meters, "waiting", "changes that were read and not taken", all -> all.sum(Known::waiting));
        gauge(
                meters,
                "failing",
                "subscriptions of which something fails",
                all -> all.sum(each -> each.failingSince() == null ? 0 : 1));
        gauge(meters, "taken", "changes that receivers took, in all", all -> all.sum(Known::taken));
        gauge(meters, "failed", "attempts that failed, in all", all -> all.sum(Known::failed));
        Gauge.builder("miroir.subscriptions.lag.seconds", this, SubscriptionMetrics::lag)
                .description("the age of the oldest change that is not taken, of active subscriptions")
                .register(meters);
    }

    private void gauge(
            MeterRegistry meters, String name, String description, ToDoubleFunction<SubscriptionMetrics> read) {
        Gauge.builder("miroir.subscriptions." + name, this, read)
                .description(description)
                .register(meters);
    }

    /** Called before they are told. */
    public void refresh() {
        List<Known> now = known.get();
        last = known.isFresh() ? now : null;
    }

    private double with(String status) {
        return sum(each -> each.status().equals(status) ? 1 : 0);
    }

    private double sum(ToDoubleFunction<Known> value) {
        List<Known> present = last;
        return present == null
                ? Double.NaN
                : present.stream().mapToDouble(value).sum();
    }

    private double lag() {
        List<Known> present = last;
        if (present == null) {
            return Double.NaN;
        }
        Instant now = clock.instant();
        return present.stream()
                .filter(each -> each.status().equals("active"))
                .map(Known::oldest)
                .filter(Objects::nonNull)
                .mapToDouble(oldest -> age(oldest, now))
                .max()
                .orElse(0);
    }

    private static double age(@Nullable Instant oldest, Instant now) {
        return oldest == null ? 0 : Math.max(0, Duration.between(oldest, now).toMillis() / MILLIS);
    }
}
