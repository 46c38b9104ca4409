package miroir.server.pipeline;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import miroir.server.routing.Interaction;

/**
 * How long the steps of requests took, by interaction and step: a number and a sum, from which a mean over any time follows. Every request goes
 * through here, so all of them are there from the beginning, nothing is looked up by a text, and there are no buckets: those of the whole
 * request, and of what waits for the database, are kept elsewhere. What never happens is not shown.
 */
final class StepTimes {
    private final MeterRegistry registry;

    /** Filled once, and only read from then on. */
    private final Map<Interaction, Map<Step, Taken>> all = new EnumMap<>(Interaction.class);

    /** What all of a kind took. */
    private static final class Taken {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private volatile boolean isShown;
    }

    StepTimes(MeterRegistry registry) {
        this.registry = registry;
        for (Interaction interaction : Interaction.values()) {
            Map<Step, Taken> ofOne = new EnumMap<>(Step.class);
            for (Step step : Step.values()) {
                ofOne.put(step, new Taken());
            }
            all.put(interaction, ofOne);
        }
    }

    void add(Interaction interaction, Step step, long nanos) {
        Taken taken = Objects.requireNonNull(
                Objects.requireNonNull(all.get(interaction)).get(step));
        taken.count.increment();
        taken.nanos.add(nanos);
        if (!taken.isShown) {
            show(interaction, step, taken);
        }
    }

    /** Twice is the same as once. */
    private void show(Interaction interaction, Step step, Taken taken) {
        taken.isShown = true;
        FunctionTimer.builder(
                        "miroir.request.step",
                        taken,
                        each -> each.count.sum(),
                        each -> each.nanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("Time of the steps of requests")
                .tag("interaction", interaction.code())
                .tag("step", step.label())
                .register(registry);
    }
}
