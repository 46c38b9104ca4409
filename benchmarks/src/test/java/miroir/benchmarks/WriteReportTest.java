package miroir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WriteReportTest {
    @Test
    void markdown_dividesHttpByDriver() {
        List<WriteMeasurement> medians = List.of(measured(false, 300, 2), measured(true, 600, 1));
        Machine machine = new Machine(2, "17", "6.0", 0.5);

        String text = new WriteReport("2026-11-27", "abc", 100, 3, machine, medians).markdown();

        assertThat(text).contains("| update | 4 | **0.50** | 0.6 | missed | 0.50 |");
    }

    private static WriteMeasurement measured(boolean bare, double perSecond, double p50) {
        return new WriteMeasurement(WriteKind.UPDATE, 4, bare, perSecond, p50, 3, 100, 100, 100);
    }
}
