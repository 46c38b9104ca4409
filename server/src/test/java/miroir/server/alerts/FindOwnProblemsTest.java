package miroir.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import miroir.index.store.Readiness;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.load.Load;
import miroir.server.load.Loads;
import miroir.server.routing.Interaction;
import miroir.storage.DiskSpace;
import org.junit.jupiter.api.Test;

final class FindOwnProblemsTest {
    private static final Thresholds USUAL = new Thresholds(5, Duration.ofSeconds(5), 10);

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private DiskSpace disk = new DiskSpace(50, 100);
    private boolean isReady = true;

    private FindOwnProblems find(Load load, Thresholds thresholds) {
        return new FindOwnProblems("here", load, () -> disk, () -> new Readiness(isReady, ""), thresholds);
    }

    private List<String> found(Load load, Thresholds thresholds) {
        return find(load, thresholds).at(NOON, false).stream()
                .map(each -> each.key() + " " + each.detail())
                .toList();
    }

    private static List<String> keys(List<Problem> problems) {
        return problems.stream().map(Problem::key).toList();
    }

    /** Clients that leave a server that fails are no sign that it is well again. */
    @Test
    void errors_ofTooFewRequests_areAsBefore() {
        Load load = Loads.empty();
        FindOwnProblems find = find(load, USUAL);
        int minutes = 0;
        for (int requests : new int[] {102, 98, 0, 102}) {
            Loads.add(load, Interaction.READ, requests, 500, 6_000);
            minutes += 11;
            Loads.tick(load, Duration.ofMinutes(minutes));
            assertThat(keys(find.at(NOON, false))).as("%d", requests).containsExactly("errors:here", "slow:here");
        }
        Loads.add(load, Interaction.READ, 102, 200, 1);
        Loads.tick(load, Duration.ofMinutes(55));
        assertThat(find.at(NOON, false)).isEmpty();
    }

    /** Neither does a gateway that asks whether the server is well make failures fewer, nor are pages and what is not offered failures. */
    @Test
    void errors_areThoseOfFhir() {
        Load load = Loads.failing(200, 11, 1);
        for (Interaction other : List.of(Interaction.PAGE, Interaction.CONSOLE, Interaction.ADMIN, Interaction.NONE)) {
            Loads.add(load, other, 1_000, 200, 1);
        }
        Loads.tick(load, Duration.ofSeconds(20));
        assertThat(found(load, USUAL)).hasSize(1);

        Load well = Loads.failing(200, 0, 1);
        Loads.add(well, Interaction.PAGE, 1_000, 503, 1);
        Loads.add(well, Interaction.OPERATION, 1_000, 501, 1);
        Loads.tick(well, Duration.ofSeconds(20));
        assertThat(found(well, USUAL)).isEmpty();
    }

    @Test
    void latency_isThatOfReadsAndSearches() {
        Load load = Loads.failing(200, 0, 1);
        Loads.add(load, Interaction.BATCH, 200, 200, 60_000);
        Loads.add(load, Interaction.VALIDATE, 200, 200, 60_000);
        Loads.tick(load, Duration.ofSeconds(20));
        assertThat(found(load, USUAL)).isEmpty();
    }

    /** That the database is away, or an index is built, is told already; and what failed meanwhile is counted for ten minutes more. */
    @Test
    void errors_ofWhatIsToldAlready_areNotTold_untilTheyAreNotCountedAnyMore() {
        FindOwnProblems find = find(Loads.failing(200, 200, 60_000), USUAL);

        assertThat(find.at(NOON, true)).isEmpty();
        isReady = false;
        assertThat(find.at(NOON.plusSeconds(60), false)).isEmpty();
        isReady = true;
        assertThat(find.at(NOON.plusSeconds(660), false)).isEmpty();
        assertThat(keys(find.at(NOON.plusSeconds(60 + 720), false))).containsExactly("errors:here", "slow:here");
    }

    /** Tenants have nothing to do with the machine. */
    @Test
    void disk_isLookedAtForTheServersOwnOnly() {
        Thresholds any = new Thresholds(null, null, 100);
        assertThat(keys(watched(true).findOwn(any).at(NOON, false)))
                .singleElement()
                .asString()
                .startsWith("disk:");
        assertThat(watched(false).findOwn(any).at(NOON, false)).isEmpty();
    }

    private Watched watched(boolean isOwn) {
        return new Watched(() -> new Readiness(true, ""), List::of, List::of, Optional::empty, Loads.empty(), isOwn);
    }

    @Test
    void serverThatAnswers_hasNoProblem() {
        assertThat(found(Loads.ofTwoHours(), USUAL)).isEmpty();
        assertThat(found(Loads.empty(), USUAL)).isEmpty();
    }

    @Test
    void errors_beyondThePercentage_areAProblem_whereThereAreManyRequests() {
        assertThat(found(Loads.failing(200, 10, 1), USUAL)).isEmpty();
        assertThat(found(Loads.failing(200, 11, 1), USUAL))
                .containsExactly("errors:here 5.5 % of 200 requests in ten minutes failed (5xx)");
        assertThat(found(Loads.failing(99, 99, 60_000), USUAL)).isEmpty();
        assertThat(found(Loads.failing(200, 200, 60_000), new Thresholds(null, null, null)))
                .isEmpty();
    }

    @Test
    void latency_ofNearlyAll_isAProblem() {
        assertThat(found(Loads.failing(200, 0, 6_000), USUAL))
                .singleElement()
                .asString()
                .startsWith("slow:here 95 % of 200 reads and searches in ten minutes took up to ");
    }

    @Test
    void disk_thatIsAlmostFull_isAProblem() {
        disk = new DiskSpace(9L << 20, 100L << 20);

        assertThat(found(Loads.empty(), USUAL)).containsExactly("disk:here 9.0 % are free, 9 MB of 100");
    }

    @Test
    void threshold_thatWasExceeded_isUntilItIsWellBelow() {
        Threshold threshold = new Threshold(10, 8);

        assertThat(threshold.isBeyond(10, false)).isFalse();
        assertThat(threshold.isBeyond(11, false)).isTrue();
        assertThat(threshold.isBeyond(9, true)).isTrue();
        assertThat(threshold.isBeyond(8, true)).isFalse();
        assertThat(threshold.isBeyond(9, false)).isFalse();
    }
}
