package miroir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteReportTest {
    @Test
    void markdown_dividesHttpByDriver() {
        List<WriteMeasurement> medians = List.of(measured(false, 300, 2), measured(true, 600, 1));
        Machine machine = new Machine(2, "17", "6.0", 0.5);

        String text = new WriteReport("2026-11-27", "abc", 100, 3, machine, medians).markdown();

        assertThat(text).contains("| update | 4 | **0.50** | 0.6 | missed | 0.50 |");
    }

    @Test
    void write_leavesJsonForPrograms(@TempDir Path folder) throws Exception {
        List<WriteMeasurement> medians = List.of(measured(false, 300, 2), measured(true, 600, 1));

        new WriteReport("2026-11-27", "abc", 100, 3, new Machine(2, "17", "6.0", 0.5), medians).write(folder, "w");

        Document json = Document.parse(Files.readString(folder.resolve("w.json")));
        assertThat(json.getString("revision")).isEqualTo("abc");
        assertThat(json.getList("medians", Document.class))
                .extracting(row -> row.getString("way"))
                .containsExactly("http", "driver");
    }

    private static WriteMeasurement measured(boolean bare, double perSecond, double p50) {
        return new WriteMeasurement(WriteKind.UPDATE, 4, bare, perSecond, p50, 3, 100, 100, 100);
    }
}
