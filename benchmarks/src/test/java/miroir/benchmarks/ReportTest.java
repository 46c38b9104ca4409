package miroir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void median_isTakenOfEachFigure() {
        Measurement median = Measurement.median(
                List.of(measured(Way.RAW, 300, 10), measured(Way.RAW, 100, 30), measured(Way.RAW, 200, 20)));

        assertThat(median.serverMicros()).isEqualTo(200);
        assertThat(median.databaseMicros()).isEqualTo(20);
    }

    @Test
    void ratios_compareWithTheRawPath() {
        List<Ratio> ratios = Report.ratios(
                List.of(measured(Way.RAW, 150, 50), measured(Way.ORDINARY, 750, 50), measured(Way.BARE, 40, 50)));

        assertThat(ratios).extracting(Ratio::ratio).containsExactly(4.0, 0.45);
        assertThat(ratios).extracting(Ratio::isReached).containsExactly(true, false);
    }

    @Test
    void markdown_saysWhatWasMissed() {
        List<Measurement> medians = List.of(measured(Way.RAW, 150, 50), measured(Way.BARE, 40, 50));
        Machine machine = new Machine(2, "17", "6.0", 0.5);

        String text =
                new Report("2026-11-21", "abc", Plan.quick(), machine, medians, Report.ratios(medians)).markdown();

        assertThat(text)
                .contains(
                        "| read by id | bare servlet with driver and renderer | 0.45 | 0.27 | **0.45** | 0.5 | missed |")
                .contains("at revision abc");
    }

    @Test
    void ownCpu_grows() {
        assertThat(ProcessCpu.seconds(ProcessHandle.current().pid())).isPositive();
    }

    private static Measurement measured(Way way, double server, double database) {
        return new Measurement(way, Workload.READ, 1000, 1, 2, server, database, 10);
    }
}
