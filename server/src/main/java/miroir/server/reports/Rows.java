package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import miroir.index.json.Utf8Buffer;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SentInParts;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one kind, sent while they are found: as CSV, which a spreadsheet opens by a double click, or as one JSON object per line.
 *
 * <p>The CSV is what a French spreadsheet takes without questions: semicolons, UTF-8 with a mark, lines that end with CR LF. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe: what is in it comes from others. Numbers of which it would lose digits, and those that it would take for dates, are written as
 * formulas that are texts.
 */
final class Rows {
    /** A FINESS that begins with 0, a SIRET, a number of ARHGOS. */
    private static final Pattern LOSES_DIGITS = Pattern.compile("0[0-9]+|[0-9]{12,}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,6}");

    private static final String FORMULAS = "=+-@\t\r";

    private final List<String> columns;
    private final Form form;
    private final SentInParts sent;
    private final Utf8Buffer out;

    /** In which form they are sent. */
    enum Form {
        CSV("csv", "text/csv;charset=UTF-8"),
        NDJSON("ndjson", "application/x-ndjson");

        private final String ending;
        private final String mediaType;

        Form(String ending, String mediaType) {
            this.ending = ending;
            this.mediaType = mediaType;
        }

        /** As a path ends. */
        String ending() {
            return ending;
        }
    }

    /** What sends the rows. */
    interface Source {
        void sendTo(Rows rows) throws IOException;
    }

    private Rows(List<String> columns, Form form, SentInParts sent) {
        this.columns = columns;
        this.form = form;
        this.sent = sent;
        this.out = sent.buffer();
    }

    /**
     * Sends all of them.
     *
     * @param name of the file in which a browser keeps them, without its ending
     */
    static void send(
            String name,
            List<String> columns,
            Form form,
            Exchange exchange,
            HttpServletResponse response,
            Source source)
            throws IOException {
        SentInParts.send(name + "." + form.ending, form.mediaType, exchange, response, sent -> {
            Rows rows = new Rows(columns, form, sent);
            if (form == Form.CSV) {
                rows.out.putByte(0xEF);
                rows.out.putByte(0xBB);
                rows.out.putByte(0xBF);
                rows.putCells(columns);
            }
            source.sendTo(rows);
        });
    }

    /** The same; null where there is nothing. */
    void addRow(@Nullable String[] cells) throws IOException {
        add(Arrays.stream(cells).map(cell -> cell == null ? "" : cell).toList());
    }

    /** One row, in the order of the columns; empty where there is nothing. */
    void add(List<String> cells) throws IOException {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for the columns " + columns);
        }
        if (form == Form.CSV) {
            putCells(cells);
        } else {
            putObject(cells);
        }
        sent.partDone();
    }

    private void putCells(List<String> cells) {
        String between = "";
        for (String cell : cells) {
            put(between);
            put(quoted(cell));
            between = ";";
        }
        put("\r\n");
    }

    private void put(String text) {
        out.putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String cell) {
        if (LOSES_DIGITS.matcher(cell).matches()) {
            return "\"=\"\"" + cell + "\"\"\"";
        }
        String safe = !cell.isEmpty() && FORMULAS.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
        boolean plain = safe.chars().noneMatch(c -> c == ';' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private void putObject(List<String> cells) {
        String between = "{";
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (!cell.isEmpty()) {
                put(between);
                out.putQuoted(columns.get(i));
                put(":");
                out.putQuoted(cell);
                between = ",";
            }
        }
        put(between.equals("{") ? "{}\n" : "}\n");
    }
}
