package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.server.load.Loads;
import miroir.server.pages.Language;
import org.junit.jupiter.api.Test;

final class LookTest {
    private static final String PAGE =
            IntStream.range(0, 50).mapToObj(i -> "<tr id=\"" + i + "\">").collect(Collectors.joining("\n"));

    private static List<String> lines(Random random) {
        return Stream.generate(() -> String.valueOf(random.nextInt(4)))
                .limit(random.nextInt(9))
                .toList();
    }

    /** What {@code miroir.js} does with them. */
    private static List<String> applied(List<String> before, List<ChangedLines> changes) {
        List<String> lines = new ArrayList<>(before);
        for (ChangedLines each : changes) {
            lines.subList(each.from(), each.from() + each.removed()).clear();
            lines.addAll(each.from(), each.lines());
        }
        return lines;
    }

    @Test
    void changes_appliedToWhatWasBefore_areWhatIsNow() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            List<String> before = lines(random);
            List<String> after = lines(random);

            assertThat(applied(before, ChangedLines.between(before, after)))
                    .as("%s to %s", before, after)
                    .isEqualTo(after);
        }
    }

    @Test
    void changes_ofOneLine_areThatLine() {
        assertThat(ChangedLines.between(List.of("a", "b", "c"), List.of("a", "x", "c")))
                .containsExactly(new ChangedLines(1, 1, List.of("x")));
        assertThat(ChangedLines.between(List.of("a", "c"), List.of("a", "b", "c")))
                .containsExactly(new ChangedLines(1, 0, List.of("b")));
    }

    /** A log that has its length. */
    @Test
    void changes_ofAListThatMovesUp_areWhatWentAndWhatCame() {
        assertThat(ChangedLines.between(
                        List.of("head", "1", "2", "3", "4", "5", "foot"),
                        List.of("head", "2", "3", "4", "5", "6", "foot")))
                .containsExactly(new ChangedLines(1, 1, List.of()), new ChangedLines(5, 0, List.of("6")));
    }

    /** A table that a row came into at the top, and one went out of at the end. */
    @Test
    void changes_ofATableThatGetsANewRow_areThatRow() {
        List<String> before = IntStream.range(0, 100).mapToObj(i -> "<tr>" + i).toList();
        List<String> after = IntStream.range(-1, 99).mapToObj(i -> "<tr>" + i).toList();

        assertThat(ChangedLines.between(before, after))
                .containsExactly(new ChangedLines(0, 0, List.of("<tr>-1")), new ChangedLines(100, 1, List.of()));
    }

    /** What changes in ten seconds on the page of load is a fraction of it. */
    @Test
    void changes_ofTheLoad_areLittle() {
        String before = load(120);
        Look first = Look.of("load", 1, before, null, 1);
        byte[] change = Look.of("load", 2, load(121), first, 2).event(1);

        assertThat(text(change)).startsWith("event: lines\n");
        assertThat(change.length).isLessThan(before.length() / 4);
    }

    private static String load(int ticks) {
        LoadShown shown = LoadShown.of(Loads.of(ticks), "10m");
        return Pages.part("loadCharts", Map.of("view", FragmentsTest.view(Language.EN), "shown", shown));
    }

    private static String text(byte[] event) {
        return new String(event, StandardCharsets.UTF_8);
    }

    @Test
    void look_toWhoSawTheOneBefore_isWhatChanged_andToOthersTheWhole() {
        Look first = Look.of("sources", 1, PAGE, null, 1);
        Look second = Look.of("sources", 2, PAGE.replace("\"7\"", "\"é\""), first, 2);

        assertThat(text(second.event(1)))
                .isEqualTo("event: lines\ndata: sources\ndata: 7 1 1\ndata: <tr id=\"é\">\n\n");
        assertThat(text(second.event(0)))
                .isEqualTo(text(second.event()))
                .isEqualTo(text(second.event(9)))
                .startsWith("event: fragment\ndata: sources\ndata: <tr id=\"0\">\n");
        assertThat(text(first.event(0))).startsWith("event: fragment\n");
    }

    /** What is read may be another, and look the same. */
    @Test
    void look_thatIsTheSame_hasTheSameNumber() {
        Look first = Look.of("sources", 1, PAGE, null, 1);
        Look second = Look.of("sources", 2, PAGE, first, 2);

        assertThat(second.number()).isEqualTo(first.number());
        assertThat(second.shows(2)).isTrue();
    }

    @Test
    void look_ofWhichAllChanged_isTheWhole() {
        Look first = Look.of("sources", 1, "a\nb", null, 1);

        assertThat(text(Look.of("sources", 2, "c\nd", first, 2).event(1))).startsWith("event: fragment\n");
    }
}
