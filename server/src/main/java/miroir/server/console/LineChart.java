package miroir.server.console;

import java.util.List;

/**
 * Lines over time, drawn: all places are in units of the drawing.
 *
 * @param id of its elements
 * @param summary what it shows, in a sentence
 */
record LineChart(
        String id,
        String title,
        String summary,
        List<Line> lines,
        List<Mark> levels,
        List<Mark> times,
        ChartTable table) {
    LineChart {
        lines = List.copyOf(lines);
        levels = List.copyOf(levels);
        times = List.copyOf(times);
    }

    /**
     * A line.
     *
     * @param kind class of the stylesheet: lines differ by colour and by how they are dashed
     * @param path what SVG draws
     */
    record Line(String kind, String name, String path) {}

    /** A place on one of the axes. */
    record Mark(int place, String label) {}
}
