package miroir.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/**
 * How synchronisations stand, from the register in the database: every server tells it, whether or not a daemon is there to. The daemon's own metrics say
 * more of the runs that it does.
 */
public final class SynchronisationMetrics {
    /** Beyond them there would be more series than anybody looks at. */
    static final int MOST = 200;

    /** How many of its last runs are counted by what became of them. */
    static final int RUNS = 30;

    private static final double MILLIS = 1_000;

    private final InstantSource clock;
    private final KnownLately<Read> known;
    private final AtomicInteger led = new AtomicInteger();
    private final AtomicInteger isKnown = new AtomicInteger();
    private final List<Figure> figures;

    /** What was read at once. */
    private record Read(boolean isLed, List<Standing> all) {
        Read {
            all = List.copyOf(all);
        }
    }

    /** Something that is told of each. */
    private record Figure(MultiGauge gauge, Function<Standing, Stream<Row<?>>> rows) {}

    public SynchronisationMetrics(Register register, MeterRegistry meters, InstantSource clock) {
        this.clock = clock;
        this.known = new KnownLately<>("metrics-synchronisations", () -> read(register));
        Gauge.builder("miroir.synchronisation.led", led, AtomicInteger::get)
                .description("1 where a daemon leads, or did a moment ago")
                .register(meters);
        Gauge.builder("miroir.synchronisation.known", isKnown, AtomicInteger::get)
                .description(
                        "1 where the others were read within the last minute; they stay as they were where it is 0")
                .register(meters);
        this.figures = figures(meters);
    }

    private Read read(Register register) {
        boolean isLed = register.isLed(clock.instant());
        return new Read(
                isLed,
                register.all().stream()
                        .limit(MOST)
                        .map(each -> Standing.of(each, register.readableRuns(each.name(), RUNS), isLed))
                        .toList());
    }

    private List<Figure> figures(MeterRegistry meters) {
        List<Figure> all = new ArrayList<>();
        all.add(new Figure(
                gauge(meters, "state", "", "1 for the state that it is in"),
                each -> Arrays.stream(Synchronisation.State.values())
                        .map(state ->
                                row(each, "state", state, each.synchronisation().state() == state ? 1 : 0))));
        all.add(new Figure(
                gauge(meters, "late", "", "1 where two of its times have passed since a run was complete"),
                each -> row(each, each.synchronisation().isLate(clock.instant()) ? 1 : 0)));
        all.add(new Figure(
                gauge(meters, "running", "", "1 while a run goes on"),
                each -> row(each, each.running() == null ? 0 : 1)));
        all.add(new Figure(
                gauge(meters, "success.age", "seconds", "time since a run was complete; none where none ever was"),
                each -> age(each, each.synchronisation().completed())));
        all.add(new Figure(
                gauge(meters, "copy.age", "seconds", "how old the copy is; none where nothing was ever copied whole"),
                each -> age(each, each.synchronisation().mark())));
        all.add(new Figure(
                gauge(meters, "progress.done", "", "what the run that goes on has read; none where none goes on"),
                each -> ofRunning(each, Run::read)));
        all.add(new Figure(
                gauge(meters, "progress.all", "", "what it has to read; none where none goes on"),
                each -> ofRunning(each, Run::total)));
        all.add(new Figure(
                gauge(meters, "rejected", "", "what the last run that is over rejected"),
                each -> row(each, (double) each.rejected())));
        all.add(new Figure(
                gauge(meters, "runs", "", "its last " + RUNS + " runs by what became of them"),
                each -> Arrays.stream(Run.End.values())
                        .map(end -> row(each, "outcome", end, (double) each.runsThat(end)))));
        return List.copyOf(all);
    }

    private static MultiGauge gauge(MeterRegistry meters, String name, String unit, String description) {
        return MultiGauge.builder("miroir.synchronisation." + name)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(meters);
    }

    private static Stream<Row<?>> row(Standing of, double value) {
        return Stream.of(Row.of(of.tags(), value));
    }

    private static Row<?> row(Standing of, String label, Enum<?> constant, double value) {
        Tags tags = of.tags().and(label, constant.name().toLowerCase(Locale.ROOT));
        return Row.of(tags, value);
    }

    private Stream<Row<?>> age(Standing of, @Nullable Instant since) {
        return since == null
                ? Stream.empty()
                : row(of, Duration.between(since, clock.instant()).toMillis() / MILLIS);
    }

    private static Stream<Row<?>> ofRunning(Standing of, Function<Run, Long> value) {
        Run running = of.running();
        return running == null ? Stream.empty() : row(of, value.apply(running));
    }

    /** Reads them anew, or goes on with what was known: ages grow all the same. */
    public void refresh() {
        Read present = known.get();
        isKnown.set(known.isFresh() ? 1 : 0);
        if (present == null) {
            return;
        }
        led.set(present.isLed() && known.isFresh() ? 1 : 0);
        for (Figure figure : figures) {
            figure.gauge()
                    .register(present.all().stream().flatMap(figure.rows()).toList(), true);
        }
    }
}
