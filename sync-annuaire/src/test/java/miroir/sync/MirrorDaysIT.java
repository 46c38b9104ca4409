package miroir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.simulator.life.Event;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;
import miroir.sync.run.CheckCopy;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSettings;
import miroir.sync.state.Definition;
import miroir.sync.state.Run;
import miroir.sync.testing.Mirroring;
import miroir.sync.upstream.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Days of a directory whose faults are on: whenever a run is complete, the copy is what a complete comparison says it must be. */
@ExtendWith(MongoExtension.class)
class MirrorDaysIT {
    private static final long SEED = Long.getLong("miroir.test.seed", System.nanoTime());
    private static final int DAYS = Integer.getInteger("miroir.test.days", 3);
    private static final RunSettings SMALL = new RunSettings(2, 150, Duration.ofDays(30), Duration.ofDays(3));

    private static final List<Fault> PASSING = List.of(
            Fault.TOO_MANY_REQUESTS,
            Fault.BAD_GATEWAY,
            Fault.GATEWAY_TIMEOUT,
            Fault.CUT,
            Fault.TRUNCATED,
            Fault.WRONG_CONTENT_TYPE,
            Fault.LINK_TOO_OLD,
            Fault.LINK_BAD,
            Fault.LINK_NOT_FOUND,
            Fault.LINK_GONE,
            Fault.DUPLICATE_PAGE,
            Fault.MISSING_PAGE,
            Fault.EARLY_END,
            Fault.WRONG_TOTAL,
            Fault.NO_TOTAL,
            Fault.WRONG_RESOURCE);

    private final Random random = new Random(SEED);

    @Test
    void days_withFaultsAndEvents_endEqual(TestDatabase database) {
        Definition organizations = definition(Kind.ORGANIZATION);
        Definition roles = definition(Kind.PRACTITIONER_ROLE);
        try (Simulator upstream = Simulator.start(SimulatorSettings.standard()
                        .withSeed(SEED)
                        .withSize(1_500)
                        .withPace(20));
                Mirroring mirroring = Mirroring.of(database, source(upstream), SMALL, organizations, roles)) {
            for (int day = 0; day < DAYS; day++) {
                upstream.faults().clear();
                for (int i = 0; i < 4; i++) {
                    upstream.faults()
                            .add(FaultRule.atRate(
                                    PASSING.get(random.nextInt(PASSING.size())), random.nextDouble() / 15));
                }
                boolean full = day == 0 || random.nextInt(2) == 0;
                List<Run> complete = new ArrayList<>();
                for (Definition definition : List.of(organizations, roles)) {
                    runUntilComplete(mirroring, definition, full, complete);
                }
                upstream.faults().clear();
                if (full && !complete.isEmpty()) {
                    checkEqual(mirroring, List.of(organizations, roles), day);
                }
                somethingHappens(upstream);
                upstream.clock().advance(Duration.ofDays(1));
            }
        }
        VersionChains chains = VersionChains.read(database, "Organization");
        chains.checkGapless("seed " + SEED);
        assertThat(chains.withoutEnd()).as("seed %d", SEED).isZero();
    }

    private static void runUntilComplete(Mirroring mirroring, Definition definition, boolean full, List<Run> complete) {
        for (int attempt = 0; ; attempt++) {
            try {
                complete.add(mirroring.run(definition, full && attempt == 0));
                return;
            } catch (RunEnded ended) {
                assertThat(attempt).as("seed %d: %s", SEED, ended.reason()).isLessThan(10);
            }
        }
    }

    private void somethingHappens(Simulator upstream) {
        switch (random.nextInt(5)) {
            case 0 -> upstream.happen(Kind.ORGANIZATION, Event.VANISH, 0.02);
            case 1 -> upstream.happen(Kind.PRACTITIONER_ROLE, Event.RENUMBER, 0.02);
            case 2 -> upstream.happen(Kind.ORGANIZATION, Event.BUMP, 0.5);
            case 3 -> upstream.reload(false);
            default -> {
                // a quiet day
            }
        }
    }

    private static void checkEqual(Mirroring mirroring, List<Definition> definitions, int day) {
        for (Definition definition : definitions) {
            CheckCopy.Report report = new CheckCopy(
                            definition,
                            mirroring.parts().upstream(definition),
                            mirroring.store().mirrored(),
                            mirroring.parts().reader(definition),
                            SMALL,
                            () -> false)
                    .complete();
            assertThat(report.named())
                    .as("seed %d, day %d, %s", SEED, day, definition.name())
                    .isEmpty();
            assertThat(report.isEqual())
                    .as("seed %d, day %d: %s", SEED, day, report)
                    .isTrue();
        }
    }

    private static Definition definition(Kind kind) {
        Definition plain = Definition.of("up", kind.type());
        return new Definition(
                plain.name(),
                "up",
                plain.type(),
                "",
                plain.schedule(),
                Duration.ofDays(100),
                plain.overlap(),
                0.5,
                0.01,
                10);
    }

    private static Source source(Simulator upstream) {
        return Mirroring.source(upstream.base()).with(100_000, Duration.ofSeconds(10), Duration.ofSeconds(60));
    }
}
