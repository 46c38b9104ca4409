package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import miroir.server.console.DrawLines.Point;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrawLinesTest {
    private static final Instant FROM = Instant.parse("2026-11-29T12:00:00Z");

    private static Point point(int second, double value) {
        return new Point(FROM.plusSeconds(second), value);
    }

    private static DrawLines draw(double largest) {
        return new DrawLines(FROM, FROM.plusSeconds(100), largest);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "-3, 1",
        "NaN, 1",
        "1, 1",
        "1.1, 2",
        "3, 4",
        "4, 4",
        "4.1, 8",
        "8.5, 10",
        "11, 20",
        "0.03, 0.04",
        "1024, 2000"
    })
    void highestLevel_isTheNextRoundOne(double largest, double expected) {
        assertThat(DrawLines.roundAbove(largest)).isEqualTo(expected);
    }

    @Test
    void path_withAGap_isTwoLines_andADotWhereOneIsAlone() {
        String path = draw(10).path(List.of(
                point(0, 0), point(25, 10), point(50, Double.NaN), point(75, 5), point(100, Double.NaN)));

        assertThat(path).isEqualTo("M62.0 164.0L203.0 12.0M485.0 88.0h0");
    }

    @Test
    void path_ofWhatIsOutside_staysInside() {
        assertThat(draw(1).path(List.of(point(-50, 1), point(500, 1)))).isEqualTo("M62.0 12.0L626.0 12.0");
    }

    @Test
    void path_ofALevelStretch_isOneLine() {
        String path = draw(10).path(List.of(point(0, 5), point(25, 5), point(50, 5), point(75, 10), point(100, 10)));

        assertThat(path).isEqualTo("M62.0 88.0L344.0 88.0L485.0 12.0L626.0 12.0");
    }

    @Test
    void path_ofNothing_isEmpty() {
        assertThat(draw(0).path(List.of())).isEmpty();
        assertThat(draw(0).path(List.of(point(1, Double.NaN)))).isEmpty();
    }

    @Test
    void axes_haveRoundLevelsAndTimes() {
        assertThat(draw(3).levels(value ->
                        Pattern.compile("\\.0$").matcher(String.valueOf(value)).replaceAll("")))
                .extracting(LineChart.Mark::label)
                .containsExactly("0", "1", "2", "3", "4");
        assertThat(draw(3).times(Instant::toString))
                .extracting(LineChart.Mark::place)
                .containsExactly(62, 203, 344, 485, 626);
    }
}
