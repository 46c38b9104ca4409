package miroir.benchmarks.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import miroir.benchmarks.Machine;
import miroir.benchmarks.Pairs;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksReportTest {
    private static final List<Double> NOBODY = Collections.nCopies(12, 100.0);

    private static Checked checked(double... micros) {
        return new Checked(
                Asker.NARROWED, new Pairs(DoubleStream.of(micros).boxed().toList(), NOBODY));
    }

    private static final Checked CHEAP = checked(101, 99, 104, 102, 98, 103, 100, 105, 106, 109, 120, 130);
    private static final Checked DEAR = checked(101, 99, 104, 102, 98, 103, 100, 105, 106, 111, 120, 130);

    @Test
    void target_isHeldAgainstTheBound() {
        assertThat(CHEAP.isReached()).isTrue();
        assertThat(DEAR.isReached()).isFalse();
    }

    @Test
    void write_leavesATableAndJson(@TempDir Path folder) throws Exception {
        ChecksReport report = new ChecksReport(
                "2026-11-28",
                "abc",
                10,
                12,
                new Machine(2, "17", "6.0", 0.5),
                List.of(new Checked(Asker.NOBODY, new Pairs(NOBODY, NOBODY)), CHEAP));

        report.write(folder, "c");

        assertThat(Files.readString(folder.resolve("c.md")))
                .contains("| no token, reading is open | 100.0 | | | | |")
                .contains("| 103.5 | **1.035** | 0.980, 1.300 | 1.090 | reached |");
        Document json = Document.parse(Files.readString(folder.resolve("c.json")));
        assertThat(json.getList("checks", Document.class))
                .extracting(each -> each.getString("who"))
                .containsExactly("NOBODY", "NARROWED");
    }
}
