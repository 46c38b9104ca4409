package miroir.server.console;

import java.util.List;

/**
 * What a chart shows, for who reads it.
 *
 * @param first what rows begin with
 * @param heads of the numbers
 */
record ChartTable(String first, List<String> heads, List<Row> rows) {
    ChartTable {
        heads = List.copyOf(heads);
        rows = List.copyOf(rows);
    }

    /** A row; all but its head are numbers. */
    record Row(String head, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }
    }
}
