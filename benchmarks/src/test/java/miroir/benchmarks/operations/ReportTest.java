package miroir.benchmarks.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import miroir.benchmarks.Machine;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.questions.Somebody;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @Test
    void median_isTakenOfEachFigure() {
        Measurement median = Measurement.median(
                List.of(measured(Way.SERVED, 300, 10), measured(Way.SERVED, 100, 30), measured(Way.SERVED, 200, 20)));

        assertThat(median.serverMicros()).isEqualTo(200);
        assertThat(median.databaseMicros()).isEqualTo(20);
    }

    @Test
    void markdown_judgesByTheLimitAndByMicroseconds() {
        assertThat(report(100, 100, null).markdown())
                .contains("| read by id | 200 | 150 | **0.75** | 0.70, 270 µs | reached |");
        assertThat(report(100, 120, null).markdown()).contains("| **0.68** | 0.70, 270 µs | in µs only |");
        assertThat(report(300, 100, null).markdown()).contains("| **0.38** | 0.70, 270 µs | missed |");
    }

    @Test
    void markdown_ofALaterRun_tellsWhatItWasBefore() {
        LastRun last = new LastRun("2026-11-01", "abc", Map.of("READ", 0.5));

        assertThat(report(100, 100, last).markdown())
                .contains("| reached | 0.50 |")
                .contains("Before: the run of 2026-11-01 at revision abc");
    }

    @Test
    void markdown_tellsTheRoomOnTheDisk() {
        assertThat(report(100, 100, null).markdown()).contains("| Practitioner | 10 | 100 | 200 | **300** |");
    }

    @Test
    void read_afterWrite_givesTheRatios(@TempDir Path folder) throws Exception {
        report(100, 100, null).write(folder, "2026-11-quick");

        LastRun last = Objects.requireNonNull(LastRun.read(folder, "quick"));

        assertThat(last.ratios()).containsExactly(Map.entry("READ", 0.75));
        assertThat(LastRun.read(folder, "full")).isNull();
    }

    @Test
    void read_ofAnOlderForm_isNothing(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-10-quick.json"), "{\"medians\": []}");

        assertThat(LastRun.read(folder, "quick")).isNull();
    }

    @Test
    void write_ofGrowth_drawsACurveForEachOperation(@TempDir Path folder) throws Exception {
        GrowthReport growth = new GrowthReport(List.of(report(100, 100, null), report(200, 100, null)));

        growth.write(folder, "g");

        assertThat(Files.readString(folder.resolve("g.md")))
                .contains("| read by id | 200 (0.75) | 300 (0.50) | 1.50 |");
        assertThat(Files.readString(folder.resolve("g.svg")).split("<polyline", -1))
                .hasSize(Operation.values().length + 1);
    }

    @Test
    void query_asksAboutSomebody() {
        Somebody about = new Somebody("p1", "s|1", "DUPONT", "ANNE", "SM1", "R", "CHU", "13005");

        assertThat(Operation.PREFIX.query(about, "")).isEqualTo("Practitioner?family=DUP&_count=50");
        assertThat(Operation.INFIX.query(about, "")).isEqualTo("Practitioner?family:contains=UPO&_count=50");
        assertThat(Operation.IDENTIFIER.query(about, "")).isEqualTo("Practitioner?identifier=s%7C1");
    }

    @Test
    void isAskedAbout_wantsThreeLettersInside() {
        assertThat(Operation.isAskedAbout(called("DUPONT"))).isTrue();
        assertThat(Operation.isAskedAbout(called("LY"))).isFalse();
    }

    private static Somebody called(String family) {
        return new Somebody("p1", "s|1", family, "ANNE", "SM1", "R", "CHU", "13005");
    }

    @Test
    void ownProcess_hasCpuAndMemory() {
        assertThat(ProcessCpu.seconds(ProcessHandle.current().pid())).isPositive();
        assertThat(ProcessCpu.residentMegabytes(ProcessHandle.current().pid())).isPositive();
    }

    private static Report report(double server, double database, @Nullable LastRun last) {
        return new Report(
                "2026-11-21",
                "abc",
                null,
                Plan.quick(),
                new Machine(2, "17", "6.0", 0.5),
                List.of(measured(Way.SERVED, server, database), measured(Way.BARE, 50, 100)),
                List.of(new Room("Practitioner", 10, 1_000, 2_000)),
                250,
                200,
                last);
    }

    private static Measurement measured(Way way, double server, double database) {
        return new Measurement(way, Operation.READ, 1000, 1, 2, 3, server, database, 10);
    }
}
