package miroir.benchmarks.questions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import miroir.benchmarks.Machine;
import miroir.simulator.Directory;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsReportTest {
    private static QuestionsReport report() {
        return new QuestionsReport(
                "2026-11-27",
                "abc",
                "100 Practitioner",
                10,
                3,
                new Machine(2, "17", "6.0", 0.5),
                List.of(
                        answered(Question.WORKS_AT, 12, 19.9),
                        answered(Question.ROLES_OF, 3, 20.1),
                        answered(Question.HAS_ROLE, 50, 90),
                        new Answered(Question.NAMED, "/fhir/x", 3, new Timed(4, 8, 1_000, 500), null)));
    }

    private static Answered answered(Question question, int matches, double millis) {
        return new Answered(
                question, "/fhir/x", matches, new Timed(millis, 2 * millis, 1_000, 500), new Timed(10, 20, 100, 400));
    }

    @Test
    void markdown_judgesSelectiveQuestionsOnly() {
        assertThat(report().markdown())
                .contains("| 12 | **19.90** | 39.80 | 10.00 | 20.00 | 1.99 | 1500, 500 | reached |")
                .contains("| 3 | **20.10** | 40.20 | 10.00 | 20.00 | 2.01 | 1500, 500 | missed |")
                .contains("| 50 and more | **90.00** | 180.00 | 10.00 | 20.00 | 9.00 | 1500, 500 | not selective |")
                .contains("| 3 | **4.00** | 8.00 | – | – | – | 1500 | reached |");
    }

    @Test
    void write_leavesJsonForPrograms(@TempDir Path folder) throws Exception {
        report().write(folder, "q");

        Document json = Document.parse(Files.readString(folder.resolve("q.json")));
        assertThat(json.getInteger("asked")).isEqualTo(10);
        assertThat(json.getList("questions", Document.class))
                .extracting(each -> each.getString("question"))
                .containsExactly("WORKS_AT", "ROLES_OF", "HAS_ROLE", "NAMED");
    }

    @Test
    void of_rounds_isTheMiddleOfEachFigure() {
        assertThat(Timed.median(List.of(new Timed(1, 9, 5, 4), new Timed(2, 7, 6, 5), new Timed(3, 8, 4, 6))))
                .isEqualTo(new Timed(2, 8, 5, 5));
        assertThat(Timed.of(new long[] {3_000_000, 1_000_000, 2_000_000}, 0.003, 0.006))
                .isEqualTo(new Timed(2, 3, 1_000, 2_000));
    }

    @Test
    void some_ofADirectory_areTheSameEveryTimeAndLackNothing() {
        Directory directory = new Directory(1, 200);

        assertThat(Somebody.some(directory, 20, 7))
                .hasSize(20)
                .isEqualTo(Somebody.some(directory, 20, 7))
                .allSatisfy(each -> assertThat(Question.WORKS_IN.query(each)).contains(each.postalCode()));
    }
}
