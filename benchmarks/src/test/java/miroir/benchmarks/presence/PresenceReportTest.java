package miroir.benchmarks.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import miroir.benchmarks.Machine;
import miroir.benchmarks.Pairs;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresenceReportTest {
    @Test
    void write_leavesATableAndJson(@TempDir Path folder) throws Exception {
        PresenceReport report = new PresenceReport(
                "2026-11-29",
                "abc",
                100,
                10,
                12,
                204_800,
                new Machine(2, "17", "6.0", 0.5),
                new Pairs(Collections.nCopies(12, 104.0), Collections.nCopies(12, 100.0)));

        report.write(folder, "c");

        assertThat(Files.readString(folder.resolve("c.md")))
                .contains("| nobody looks at the console | 100.0 |", "100 browsers", "(200 kB", "**1.040**", "reached");
        assertThat(Document.parse(Files.readString(folder.resolve("c.json"))).getBoolean("reached"))
                .isTrue();
    }
}
