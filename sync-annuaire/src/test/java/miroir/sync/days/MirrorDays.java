package miroir.sync.days;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import miroir.simulator.Kind;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.simulator.life.Event;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;
import miroir.sync.run.CheckCopy;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.upstream.Source;

/**
 * Days of a directory of which everything is copied, all five types.
 *
 * <p>What it proves: whenever a run was complete, the copy is what it must be. After a full run it equals the directory, resource by
 * resource. A delta is not told what vanished; after one the copy has everything that the directory has, with the same content, and
 * besides only what vanished. Whatever was tried again, and by whom, no version was made without a change.
 *
 * <p>How: each day some things happen, of which some are large (half of a type is bumped, all is loaded anew, all gets new ids);
 * the nights of the directory do theirs, and their stubs vanish after thirty days. A day may be missed, and at times
 * thirty-five are, which is more than the directory remembers. Then every type is brought up to date while faults come and go.
 * Some runs lose their lease in the middle, as if their process were gone, and another one goes on; on some days a type
 * cannot be reached at all. A person confirms what the guard holds back.
 */
final class MirrorDays implements AutoCloseable {
    private static final RunSettings SMALL =
            new RunSettings(2, 150, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final Definition[] DEFINITIONS =
            KINDS.stream().map(MirrorDays::definition).toArray(Definition[]::new);
    private static final int ATTEMPTS = 12;
    private static final int TOO_LONG = 35;

    /** Mostly a day, at times one or two are missed. */
    private static final List<Integer> BETWEEN_RUNS = List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, TOO_LONG);

    /** The day before which so long nothing ran in any case. */
    private static final int DAY_AFTER_TOO_LONG = 3;

    private final long seed;
    private final Random random;
    private final TestDatabase database;
    private final Simulator upstream;
    private final Weather weather;
    private Mirroring mirroring;
    private int day;
    private int fulls;
    private int deltas;
    private int byThemselves;
    private int takenOver;
    private int confirmed;
    private int stormy;

    MirrorDays(TestDatabase database, long seed, int size) {
        this.seed = seed;
        this.random = new Random(seed);
        this.database = database;
        this.upstream = Simulator.start(
                SimulatorSettings.standard().withSeed(seed).withSize(size).withPace(20));
        this.weather = new Weather(upstream.faults(), random);
        this.mirroring = open();
    }

    private static Definition definition(Kind kind) {
        Definition plain = Definition.of("up", kind.type());
        return new Definition(
                plain.name(),
                "up",
                plain.type(),
                "",
                plain.schedule(),
                plain.fullEvery(),
                plain.overlap(),
                0.2,
                plain.rejects(),
                plain.priority());
    }

    private Mirroring open() {
        Source source = Mirroring.source(upstream.base()).with(100_000, Duration.ofSeconds(10), Duration.ofSeconds(2));
        return Mirroring.of(database, source, SMALL, DEFINITIONS);
    }

    private String now() {
        return "seed " + seed + ", day " + day;
    }

    /** What happens, runs and comparison of a day. */
    void day() {
        day++;
        for (int i = random.nextInt(4); i > 0; i--) {
            somethingHappens();
        }
        int passed = day == DAY_AFTER_TOO_LONG ? TOO_LONG : BETWEEN_RUNS.get(random.nextInt(BETWEEN_RUNS.size()));
        upstream.clock().advance(Duration.ofDays(passed));
        boolean full = random.nextInt(8) == 0;
        boolean storm = day > DAY_AFTER_TOO_LONG && random.nextInt(8) == 0;
        for (Definition each : DEFINITIONS) {
            Optional<Run> run = storm && random.nextInt(3) == 0 ? inAStorm(each) : run(each, full);
            run.ifPresent(complete -> check(each, complete, passed));
        }
    }

    private void somethingHappens() {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> upstream.happen(kind, Event.CHANGE, 0.05);
            case 3, 4 -> upstream.happen(kind, Event.DEACTIVATE, 0.05);
            case 5, 6 -> upstream.happen(kind, Event.VANISH, 0.02);
            case 7, 8 -> upstream.happen(kind, Event.RENUMBER, 0.05);
            case 9 -> upstream.happen(kind, Event.BUMP, 0.5);
            case 10 -> upstream.reload(false);
            case 11 -> upstream.happen(kind, Event.RELOAD_RENUMBERED, 1);
            default -> upstream.happen(kind, Event.VANISH, 0.3);
        }
    }

    /** Until it is complete, whatever is in the way. */
    private Optional<Run> run(Definition definition, boolean full) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            weather.change();
            try {
                return Optional.of(mirroring.run(definition, full, hindrances()));
            } catch (RunEnded ended) {
                overcome(definition, ended);
            } finally {
                weather.calm();
            }
        }
        throw new AssertionError(now() + ": " + definition.name() + " was never complete");
    }

    /** Never stops it; changes the faults now and then, and takes the lease away in the middle of some runs. */
    private BooleanSupplier hindrances() {
        AtomicInteger left = new AtomicInteger(random.nextInt(4) == 0 ? 1 + random.nextInt(100) : 0);
        Mirroring hindered = mirroring;
        return () -> {
            weather.look();
            if (left.get() > 0 && left.decrementAndGet() == 0) {
                hindered.leader().close();
            }
            return false;
        };
    }

    private void overcome(Definition definition, RunEnded ended) {
        switch (ended.why()) {
            case LEASE_LOST -> {
                mirroring.close();
                mirroring = open();
                takenOver++;
            }
            case GUARD -> {
                Synchronisation held =
                        mirroring.register().find(definition.name()).orElseThrow();
                Command confirm = Command.of(definition.name(), Command.Verb.CONFIRM, Instant.now());
                mirroring.register().obey(mirroring.leader().lease(), confirm, held);
                confirmed++;
            }
            case UPSTREAM_AWAY, INCOMPLETE, QUESTION_REFUSED, REJECTS -> {
                // is tried again; a wrong total that comes again and again looks as if some were in no window
            }
            default -> throw new AssertionError(now() + ": " + definition.name() + ": " + ended.reason(), ended);
        }
    }

    private Optional<Run> inAStorm(Definition definition) {
        weather.storm(definition.type());
        stormy++;
        try {
            throw new AssertionError(now() + ": " + mirroring.run(definition, false) + " is complete in a storm");
        } catch (RunEnded ended) {
            assertThat(ended.why()).as(now()).isEqualTo(RunEnded.Why.UPSTREAM_AWAY);
            return Optional.empty();
        } finally {
            weather.calm();
        }
    }

    private void check(Definition definition, Run run, int passed) {
        CheckCopy.Report report = mirroring.compare(definition);
        String what = now() + ", " + run + ", " + report;
        // A delta removes only what a full pass held back and a person allowed.
        if (run.full() || run.counts().removed() > 0) {
            fulls++;
            assertThat(report.named()).as(what).isEmpty();
            assertThat(report.isEqual()).as(what).isTrue();
        } else {
            deltas++;
            // Each that is not here, or is another one here, makes the differences more than what is here too much.
            assertThat(report.differences()).as(what).isEqualTo(report.here() - report.there());
        }
        // Before the first day nothing was complete, which is reason enough.
        if (passed == TOO_LONG && day > 1) {
            byThemselves++;
            Run full = mirroring.register().runs(definition.name(), 10).stream()
                    .filter(Run::full)
                    .findFirst()
                    .orElseThrow();
            assertThat(full.reason()).as(what).contains("for which the upstream keeps deletions");
        }
    }

    /** All versions of all days. */
    void checkVersions() {
        for (Definition each : DEFINITIONS) {
            VersionChains chains = VersionChains.read(database, each.type());
            chains.checkGapless(now());
            assertThat(chains.withoutEnd()).as(now()).isZero();
            assertThat(chains.unchanged())
                    .as("%s: versions without a change", now())
                    .isEmpty();
        }
    }

    String figures() {
        return String.format(
                Locale.ROOT,
                "{\"days\": %d, \"fulls\": %d, \"byThemselves\": %d, \"deltas\": %d, \"takenOver\": %d, \"confirmed\": %d,"
                        + " \"stormy\": %d, \"versions\": %d, \"faults\": %d}",
                day,
                fulls,
                byThemselves,
                deltas,
                takenOver,
                confirmed,
                stormy,
                Stream.of(DEFINITIONS)
                        .mapToLong(each ->
                                VersionChains.read(database, each.type()).versions())
                        .sum(),
                upstream.faults().happened().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Override
    public void close() {
        mirroring.close();
        upstream.close();
    }
}
