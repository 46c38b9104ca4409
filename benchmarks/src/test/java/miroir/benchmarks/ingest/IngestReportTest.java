package miroir.benchmarks.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import miroir.benchmarks.Machine;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestReportTest {
    private static IngestReport report() {
        Map<IngestWay, IngestMeasurement> medians = new EnumMap<>(IngestWay.class);
        medians.put(IngestWay.BARE, measured(IngestWay.BARE, 2_000));
        medians.put(IngestWay.TAKEN_IN, measured(IngestWay.TAKEN_IN, 1_500));
        medians.put(IngestWay.TAKEN_IN_AGAIN, measured(IngestWay.TAKEN_IN_AGAIN, 3_000));
        medians.put(IngestWay.COPIED, measured(IngestWay.COPIED, 1_000));
        medians.put(IngestWay.COPIED_AGAIN, measured(IngestWay.COPIED_AGAIN, 4_000));
        medians.put(IngestWay.BATCHES, measured(IngestWay.BATCHES, 10_000));
        return new IngestReport("2026-11-27", "abc", 20_000, 3, new Machine(2, "17", "6.0", 0.5), medians);
    }

    private static IngestMeasurement measured(IngestWay way, double perSecond) {
        return new IngestMeasurement(way, perSecond, 400, 1e6 / perSecond, 0);
    }

    @Test
    void markdown_dividesByWhatEachIsHeldAgainst() {
        assertThat(report().markdown())
                .contains("| **0.75** | 0.6 | reached | 0.84 |")
                .contains("| **0.50** | 0.6 | missed |")
                .contains("| **2.00** | 3.0 | missed |")
                .contains("| **4.00** | 3.0 | reached |")
                .contains("| **5.00** | 0.6 | reached |");
    }

    @Test
    void markdown_holdsTheCpuAgainstWhatItMayBe() {
        assertThat(report().markdown())
                .contains("| the whole way over HTTP | **1400** | 500 | missed |")
                .contains("| batch bundles of 200 over HTTP | **500** | 500 | reached |");
    }

    @Test
    void median_ofThreeRounds_isTheMiddleOfEachFigure() {
        List<IngestMeasurement> rounds = List.of(
                new IngestMeasurement(IngestWay.BARE, 1, 30, 200, 5),
                new IngestMeasurement(IngestWay.BARE, 3, 10, 300, 6),
                new IngestMeasurement(IngestWay.BARE, 2, 20, 100, 7));

        assertThat(IngestMeasurement.median(rounds)).isEqualTo(new IngestMeasurement(IngestWay.BARE, 2, 20, 200, 6));
    }

    @Test
    void write_leavesJsonForPrograms(@TempDir Path folder) throws Exception {
        report().write(folder, "i");

        Document json = Document.parse(Files.readString(folder.resolve("i.json")));
        assertThat(json.getInteger("resources")).isEqualTo(20_000);
        assertThat(json.getList("medians", Document.class))
                .extracting(row -> row.getString("way"))
                .containsExactly("BARE", "TAKEN_IN", "TAKEN_IN_AGAIN", "COPIED", "COPIED_AGAIN", "BATCHES");
        assertThat(json.getList("ratios", Document.class).get(0).getDouble("rate"))
                .isEqualTo(0.75);
    }
}
