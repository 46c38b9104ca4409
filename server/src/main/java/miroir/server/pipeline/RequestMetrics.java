package miroir.server.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import miroir.server.load.Load;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/**
 * Counts requests by interaction, type and status, and keeps a histogram of their times by interaction, and the times of their steps. The types are
 * the served ones and the statuses are ours, so the number of series is bounded whatever clients send.
 */
public final class RequestMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Map<Answered, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Interaction, Timer> timers = new ConcurrentHashMap<>();
    private final StepTimes steps;
    private final Load load = new Load(Instant.now());

    private record Answered(Interaction interaction, String type, int status) {}

    public RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.steps = new StepTimes(registry);
    }

    /** A request that Jetty refused before it came to the pipeline. It is counted; nobody knows when it began. */
    public void refused(String requestId, String method, String peer, int status) {
        AccessLog.writeRefused(requestId, method, peer, status);
        count(Route.none(), status);
    }

    void record(Exchange exchange, int status) {
        Route route = exchange.route();
        long nanos = exchange.nanos();
        count(route, status);
        timers.computeIfAbsent(route.interaction(), this::timer).record(nanos, TimeUnit.NANOSECONDS);
        Steps taken = new Steps(route.interaction());
        exchange.eachStep(taken);
        load.add(route, status, nanos, taken.ofDatabase);
    }

    /** Counts the steps of a request, and adds up those that were for the database. */
    private final class Steps implements ObjLongConsumer<Step> {
        private final Interaction interaction;
        private long ofDatabase = -1;

        Steps(Interaction interaction) {
            this.interaction = interaction;
        }

        @Override
        public void accept(Step step, long nanos) {
            steps.add(interaction, step, nanos);
            if (step == Step.STORE) {
                ofDatabase = Math.max(0, ofDatabase) + nanos;
            }
        }
    }

    /** What was asked for in the last week. */
    public Load load() {
        return load;
    }

    /** A request that was refused because whoever sent it asks too often. */
    void throttled(String counted) {
        Counter.builder("miroir.throttled")
                .description("Requests that were refused because a quota was used up")
                .tag("counted", counted)
                .register(registry)
                .increment();
    }

    private void count(Route route, int status) {
        counters.computeIfAbsent(new Answered(route.interaction(), route.type(), status), this::counter)
                .increment();
    }

    private Counter counter(Answered answered) {
        return Counter.builder("miroir.requests")
                .description("Requests by interaction, type and status")
                .tag("interaction", answered.interaction().code())
                .tag("type", answered.type())
                .tag("status", Integer.toString(answered.status()))
                .register(registry);
    }

    private Timer timer(Interaction interaction) {
        return Timer.builder("miroir.request")
                .description("Time from the first byte of a request to the end of its answer")
                .tag("interaction", interaction.code())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
