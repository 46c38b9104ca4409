package miroir.benchmarks.questions;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.benchmarks.Machine;
import miroir.benchmarks.MeasuredReport;
import org.jspecify.annotations.Nullable;

/**
 * Questions over references, served and by hand.
 *
 * @param sizes how many resources there were of each type
 * @param asked how often each question is asked in a round
 */
record QuestionsReport(
        String date, String revision, String sizes, int asked, int rounds, Machine machine, List<Answered> answered)
        implements MeasuredReport {

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("# Questions over references, and the bare driver\n\n");
        text.append(line(
                "Written by `./miroir bench --questions` on %s at revision %s; [how to read it](README.md).",
                date, revision));
        text.append(line(
                "%s. Each question about %d people, one after the other, pages of %d, medians of %d interleaved rounds; %d cores"
                        + " shared by client, server and MongoDB %s, Java %s, load before the run %.1f.",
                sizes,
                asked,
                Question.PAGE,
                rounds,
                machine.cores(),
                machine.database(),
                machine.java(),
                machine.loadBefore()));
        text.append(
                "\n| question | matches | served, p50 ms | p95 ms | by hand, p50 ms | p95 ms | served / by hand, p50"
                        + " | CPU served, by hand µs | under 20 ms |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|---|\n");
        answered.forEach(each -> text.append(row(each)));
        text.append("\nAs they were asked once:\n\n");
        answered.forEach(each -> text.append("- `").append(each.example()).append("`\n"));
        return text.toString();
    }

    private static String row(Answered each) {
        return line(
                "| %s | %s | **%.2f** | %.2f | %s | %s |",
                each.question().title(),
                each.matches() == Question.PAGE ? "50 and more" : each.matches(),
                each.served().p50Millis(),
                each.served().p95Millis(),
                byHand(each.served(), each.byHand()),
                !each.isSelective() ? "not selective" : each.isReached() ? "reached" : "missed");
    }

    private static String byHand(Timed served, @Nullable Timed byHand) {
        return byHand == null
                ? String.format(Locale.ROOT, "– | – | – | %.0f", served.micros())
                : String.format(
                        Locale.ROOT,
                        "%.2f | %.2f | %.2f | %.0f, %.0f",
                        byHand.p50Millis(),
                        byHand.p95Millis(),
                        served.p50Millis() / byHand.p50Millis(),
                        served.micros(),
                        byHand.micros());
    }

    @Override
    public String json() {
        return line(
                """
                {
                %s
                  "sizes": "%s",
                  "questions": [
                %s
                  ]
                }""",
                machine.json(date, revision, "asked", asked, rounds),
                sizes,
                answered.stream().map(QuestionsReport::json).collect(Collectors.joining(",\n")));
    }

    private static String json(Answered each) {
        return String.format(
                Locale.ROOT,
                "    {\"question\": \"%s\", \"selective\": %b, \"matches\": %d, \"served\": %s, \"byHand\": %s, \"example\": \"%s\"}",
                each.question().name(),
                each.isSelective(),
                each.matches(),
                json(each.served()),
                json(each.byHand()),
                each.example());
    }

    private static String json(@Nullable Timed timed) {
        if (timed == null) {
            return "null";
        }
        return String.format(
                Locale.ROOT,
                "{\"p50Millis\": %.3f, \"p95Millis\": %.3f, \"ownMicros\": %.1f, \"databaseMicros\": %.1f}",
                timed.p50Millis(),
                timed.p95Millis(),
                timed.ownMicros(),
                timed.databaseMicros());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
