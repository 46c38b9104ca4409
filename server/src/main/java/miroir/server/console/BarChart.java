package miroir.server.console;

import java.util.List;

/**
 * Bars with names, the longest first, drawn: all places are in units of the drawing.
 *
 * @param id of its elements
 * @param summary what it shows, in a sentence
 * @param table of all of them; the drawing has the longest
 */
record BarChart(String id, String title, String summary, int height, List<Bar> bars, ChartTable table) {
    BarChart {
        bars = List.copyOf(bars);
    }

    record Bar(int top, int length, String name, String value) {}
}
