package miroir.sync.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import miroir.storage.sync.Window;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class DeltaRulesTest {
    private static final Instant NOW = Instant.parse("2026-08-25T10:16:00Z");

    private final DeltaRules rules = DeltaRules.standard();

    @Test
    void plan_afterACompleteRun_asksFromItsMarkMinusTheOverlap() {
        Pass pass = rules.plan(NOW.minus(Duration.ofHours(24)), NOW);

        assertThat(pass).isEqualTo(new Pass.Delta(new Window(Instant.parse("2026-08-24T10:06:00Z"), NOW)));
        assertThat(pass.nextMark()).isEqualTo(NOW);
    }

    @Test
    void plan_neverRun_isAFullPassThatSaysSo() {
        assertThat(rules.plan(null, NOW)).isEqualTo(new Pass.Full(NOW, "no run was ever complete"));
    }

    @Test
    void plan_windowOfExactlyThirtyDays_isADelta() {
        Instant mark = NOW.minus(Duration.ofDays(30)).plus(rules.overlap());

        assertThat(rules.plan(mark, NOW)).isInstanceOf(Pass.Delta.class);
    }

    @Test
    void plan_windowOfMoreThanThirtyDays_isAFullPassThatSaysSo() {
        Instant mark = NOW.minus(Duration.ofDays(30)).plus(rules.overlap()).minusMillis(1);

        assertThat(rules.plan(mark, NOW))
                .isInstanceOfSatisfying(
                        Pass.Full.class,
                        full -> assertThat(full.reason())
                                .contains(mark.toString())
                                .contains("10 minutes")
                                .contains("30 days"));
    }

    @Test
    void plan_clockBackByLessThanTheOverlap_isADelta() {
        assertThat(rules.plan(NOW.plusSeconds(599), NOW)).isInstanceOf(Pass.Delta.class);
    }

    @Test
    void plan_clockBackByTheOverlap_isAFullPassThatSaysSo() {
        assertThat(rules.plan(NOW.plusSeconds(600), NOW))
                .isInstanceOfSatisfying(
                        Pass.Full.class, full -> assertThat(full.reason()).contains("ran backwards"));
    }

    @Test
    void plan_noOverlapWithinTheSameSecond_isADelta() {
        assertThat(new DeltaRules(Duration.ZERO, Duration.ofDays(30)).plan(NOW, NOW))
                .isEqualTo(new Pass.Delta(new Window(NOW.minusSeconds(1), NOW)));
    }

    @Test
    void windows_ofAFullPass_coverAllOfTimeWithoutOverlap() {
        List<Window> windows = new Pass.Full(NOW, "asked for").windows();

        assertThat(windows).hasSize(2);
        assertThat(windows.get(0).to()).isEqualTo(windows.get(1).from()).isEqualTo(NOW);
    }

    @Test
    void rules_overlapAsLongAsTheLongestWindow_areRefused() {
        assertThatThrownBy(() -> new DeltaRules(Duration.ofDays(30), Duration.ofDays(30)))
                .hasMessageContaining("PT720H");
    }

    /**
     * Years of runs at random times against an upstream whose changes become visible up to an overlap after their
     * stamp: every change must be in a window of a run that began when it could be seen.
     */
    @RepeatedTest(20)
    void plan_anyHistoryOfRuns_asksForEveryChange() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Asked> runs = new ArrayList<>();
        Instant mark = null;
        Instant now = NOW;
        for (int i = 0; i < 200; i++) {
            now = now.plus(Duration.ofSeconds(random.nextInt(random.nextInt(10) == 0 ? 40 * 86_400 : 86_400)));
            Pass pass = rules.plan(mark, now);
            boolean complete = random.nextInt(4) > 0;
            if (complete) {
                runs.add(new Asked(now, pass));
                mark = pass.nextMark();
            }
        }
        Instant end = runs.get(runs.size() - 1).at();
        for (int i = 0; i < 2000; i++) {
            Instant stamp = NOW.plusMillis(
                    (long) (random.nextDouble() * Duration.between(NOW, end).toMillis()));
            Instant visible =
                    stamp.plusMillis(random.nextInt((int) rules.overlap().toMillis()));
            if (visible.isBefore(end)) {
                assertThat(runs)
                        .as("seed %d: a change of %s, visible from %s", seed, stamp, visible)
                        .anyMatch(run -> run.sees(stamp, visible));
            }
        }
    }

    /** A complete run; what it sees is what was visible when it began, at the latest. */
    private record Asked(Instant at, Pass pass) {
        boolean sees(Instant stamp, Instant visible) {
            return !visible.isAfter(at) && pass.windows().stream().anyMatch(window -> window.contains(stamp));
        }
    }
}
