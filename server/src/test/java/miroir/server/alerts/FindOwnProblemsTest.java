package miroir.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.load.Load;
import miroir.server.load.Loads;
import miroir.storage.DiskSpace;
import org.junit.jupiter.api.Test;

final class FindOwnProblemsTest {
    private static final Thresholds USUAL = new Thresholds(5, Duration.ofSeconds(5), 10);

    private DiskSpace disk = new DiskSpace(50, 100);

    private List<String> found(Load load, Thresholds thresholds) {
        return new FindOwnProblems("here", load, () -> disk, thresholds)
                .now().stream().map(each -> each.key() + " " + each.detail()).toList();
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
                .startsWith("slow:here 95 % of 200 requests in ten minutes took up to ");
    }

    @Test
    void disk_thatIsAlmostFull_isAProblem() {
        disk = new DiskSpace(9L << 20, 100L << 20);

        assertThat(found(Loads.empty(), USUAL)).containsExactly("disk:here 9.0 % are free, 9 MB of 100");
    }

    @Test
    void threshold_thatWasExceeded_isUntilItIsWellBelow() {
        Threshold threshold = new Threshold(10, 8);

        assertThat(threshold.isBeyond(10)).isFalse();
        assertThat(threshold.isBeyond(11)).isTrue();
        assertThat(threshold.isBeyond(9)).isTrue();
        assertThat(threshold.isBeyond(8)).isFalse();
        assertThat(threshold.isBeyond(9)).isFalse();
    }
}
