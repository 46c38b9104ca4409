package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.server.load.LoadRange;
import miroir.server.load.Loads;
import miroir.server.pages.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LoadChartsTest {
    @ParameterizedTest
    @EnumSource(LoadRange.class)
    void charts_ofEveryRange_haveWhatTheirTablesHave(LoadRange range) {
        LoadShown shown = LoadShown.of(Loads.ofTwoHours(), range.code());

        List<LineChart> lines = LoadCharts.lines(FragmentsTest.view(Language.EN), shown);

        assertThat(lines)
                .extracting(LineChart::id)
                .containsExactly("requests", "latency", "errors", "database", "heap");
        for (LineChart chart : lines) {
            assertThat(chart.table().rows()).hasSameSizeAs(shown.slots());
            assertThat(chart.table().heads()).hasSameSizeAs(chart.lines());
            assertThat(chart.lines())
                    .allSatisfy(line -> assertThat(line.path()).matches("(M[0-9. ]+(L[0-9. ]+)*(h0)?)*"));
            assertThat(chart.summary()).startsWith(chart.title()).doesNotContain("NaN");
        }
    }

    @Test
    void requests_ofAMinute_areToldInASecond() {
        LoadShown shown = LoadShown.of(Loads.ofTwoHours(), "1h");

        LineChart requests =
                LoadCharts.lines(FragmentsTest.view(Language.FR), shown).get(0);
        LineChart errors =
                LoadCharts.lines(FragmentsTest.view(Language.FR), shown).get(2);

        assertThat(requests.table().rows().get(1).cells()).containsExactly("2");
        assertThat(errors.table().rows().get(1).cells()).containsExactly("0,5", "0");
    }

    @Test
    void bars_areByNumber_andHaveAllInTheTable() {
        List<BarChart> bars = LoadCharts.bars(FragmentsTest.view(Language.EN), LoadShown.of(Loads.ofTwoHours(), "24h"));

        assertThat(bars).extracting(BarChart::id).containsExactly("interactions", "types");
        assertThat(bars.get(0).bars()).extracting(BarChart.Bar::name).containsExactly("read", "search-type");
        assertThat(bars.get(0).bars().get(0).length())
                .isEqualTo(3 * bars.get(0).bars().get(1).length());
        assertThat(bars.get(1).table().rows()).extracting(ChartTable.Row::head).containsExactly("Device", "no type");
    }

    @Test
    void charts_ofNothing_areNone() {
        LoadShown nothing = LoadShown.of(Loads.empty(), "");

        assertThat(LoadCharts.lines(FragmentsTest.view(Language.EN), nothing)).isEmpty();
        assertThat(LoadCharts.bars(FragmentsTest.view(Language.EN), nothing)).isEmpty();
    }

    /** What has not changed is not sent again. */
    @Test
    void shown_twice_isTheSame() {
        var load = Loads.ofTwoHours();

        assertThat(LoadShown.of(load, "1h")).isEqualTo(LoadShown.of(load, "1h"));
    }
}
