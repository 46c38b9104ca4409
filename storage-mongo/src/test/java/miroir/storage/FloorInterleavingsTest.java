package miroir.storage;

import static miroir.storage.FloorWorld.Step.BEGIN;
import static miroir.storage.FloorWorld.Step.COMMIT;
import static miroir.storage.FloorWorld.Step.END;
import static miroir.storage.FloorWorld.Step.FAIL_OVER;
import static miroir.storage.FloorWorld.Step.FAIL_OVER_FAR;
import static miroir.storage.FloorWorld.Step.LOOK;
import static miroir.storage.FloorWorld.Step.LOSE;
import static miroir.storage.FloorWorld.Step.OPEN;
import static miroir.storage.FloorWorld.Step.PAUSE;
import static miroir.storage.FloorWorld.Step.SLEEP;
import static miroir.storage.FloorWorld.Step.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.stream.Stream;
import miroir.storage.FloorWorld.Fault;
import miroir.storage.FloorWorld.Scenario;
import miroir.storage.FloorWorld.Step;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Every order of what happens in a {@link FloorWorld} keeps what settled means. With any one rule broken some order does
 * not, so each rule is needed and this would see it missing.
 */
final class FloorInterleavingsTest {
    /** Commits that are acknowledged, in two processes. */
    private static final Scripts TWO_WRITERS =
            new Scripts(List.of(BEGIN, END), List.of(TICK, TICK), List.of(BEGIN, END), List.of(LOOK), List.of());

    /** A process that dies between taking an instant and committing; another one goes on, and removes its row or not. */
    private static final Scripts DEATH =
            new Scripts(List.of(BEGIN), List.of(TICK), List.of(BEGIN), List.of(LOOK), List.of(PAUSE, SLEEP));

    /** A process that stands still for longer than its lease, at any point, and writes again when it wakes. */
    private static final Scripts SLEEP_BEYOND_THE_LEASE =
            new Scripts(List.of(BEGIN, END, BEGIN), List.of(TICK, TICK), List.of(), List.of(LOOK), List.of(SLEEP));

    /** A commit of which nobody knows whether it will be applied. */
    private static final Scripts LOST_CONNECTION =
            new Scripts(List.of(BEGIN, LOSE, BEGIN), List.of(TICK, TICK), List.of(), List.of(LOOK), List.of(PAUSE));

    /** The same for a process whose row is renewed meanwhile, or taken anew. */
    private static final Scripts LOST_AND_RENEWED =
            new Scripts(List.of(BEGIN, LOSE), List.of(TICK, TICK), List.of(), List.of(LOOK), List.of(PAUSE, SLEEP));

    /** A transaction in a process that stands still for longer than its row lasts, at any point. */
    private static final Scripts TRANSACTION =
            new Scripts(List.of(OPEN, COMMIT), List.of(TICK), List.of(), List.of(LOOK), List.of(SLEEP, SLEEP));

    /** Another primary, whose clock is a little behind. */
    private static final Scripts FAILOVER =
            new Scripts(List.of(BEGIN, END), List.of(TICK), List.of(), List.of(LOOK, LOOK), List.of(SLEEP, FAIL_OVER));

    private static final List<Scripts> ALL = List.of(
            TWO_WRITERS, DEATH, SLEEP_BEYOND_THE_LEASE, LOST_CONNECTION, LOST_AND_RENEWED, TRANSACTION, FAILOVER);

    private record Scripts(List<Step> writer, List<Step> keeper, List<Step> other, List<Step> reader, List<Step> time) {
        /** Asked within the writer's process, or in a third one. */
        Stream<Scenario> scenarios(long clockError, int interruptions) {
            return Stream.of(true, false)
                    .map(within ->
                            new Scenario(writer, keeper, other, reader, time, within, clockError, interruptions));
        }

        Scripts at(Step... leaps) {
            return new Scripts(writer, keeper, other, reader, List.of(leaps));
        }
    }

    /** A process that stood still says so, here a hundred thousand times. */
    @BeforeAll
    static void keepQuiet() {
        ((Logger) LoggerFactory.getLogger(HeldFloor.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger(HeldFloor.class)).setLevel(null);
    }

    @Test
    void settled_everyOrderOfSteps_isKept() {
        assertKept(0, 0);
    }

    @Test
    void settled_clockBehind_isKept() {
        assertKept(-4, 0);
    }

    @Tag("long")
    @Test
    void settled_clockAhead_isKept() {
        assertKept(4, 0);
    }

    /** All commits are late. */
    @Tag("long")
    @Test
    void settled_clockFarBehind_isKept() {
        assertKept(-20, 0);
    }

    @Tag("long")
    @Test
    void settled_othersGoOnDuringCallsOfTheBoard_isKept() {
        assertKept(-4, 1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void settled_withAFault_isBroken(Fault fault) {
        assertThat(ALL.stream().flatMap(scripts -> scripts.scenarios(-4, 0)))
                .anySatisfy(scenario -> assertThat(holds(scenario, fault)).isFalse());
    }

    /** What ADR 10 assumes is needed. */
    @Test
    void settled_clockOfTheNextPrimaryBehindByMoreThanTheMargin_isBroken() {
        assertThat(DEATH.at(SLEEP, FAIL_OVER_FAR).scenarios(0, 0))
                .anySatisfy(scenario -> assertThat(holds(scenario, Fault.NONE)).isFalse());
    }

    private static void assertKept(long clockError, int interruptions) {
        assertThat(ALL.stream().flatMap(scripts -> scripts.scenarios(clockError, interruptions)))
                .allSatisfy(scenario -> assertThat(holds(scenario, Fault.NONE)).isTrue());
    }

    private static boolean holds(Scenario scenario, Fault fault) {
        return Choices.all(choices -> new FloorWorld(scenario, fault, choices).holds());
    }
}
