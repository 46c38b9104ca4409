package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import miroir.index.json.Utf8Buffer;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one kind, sent while they are found: as CSV, which a spreadsheet opens by a double click, or as one JSON object per line.
 *
 * <p>The CSV is what a French spreadsheet takes without questions: semicolons, UTF-8 with a mark, lines that end with CR LF. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe: what is in it comes from others. Numbers of which it would lose digits, and those that it would take for dates, are written as
 * formulas that are texts.
 */
final class Rows {
    private static final int FLUSHED = 1 << 16;
    /** Somebody waits, and whoever does not any more is noticed by sending. */
    private static final long LATEST = Duration.ofSeconds(5).toNanos();

    private static final int ABORT = -1;
    private static final String DISPOSITION = "Content-Disposition";

    /** A FINESS that begins with 0, a SIRET, a number of ARHGOS. */
    private static final Pattern LOSES_DIGITS = Pattern.compile("0[0-9]+|[0-9]{12,}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,6}");

    private static final String FORMULAS = "=+-@\t\r";

    private final List<String> columns;
    private final Form form;
    private final HttpServletResponse response;
    private long written;
    private long flushedAt = System.nanoTime();
    private final Utf8Buffer out = new Utf8Buffer(FLUSHED);

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

    private Rows(List<String> columns, Form form, HttpServletResponse response) {
        this.columns = columns;
        this.form = form;
        this.response = response;
    }

    /**
     * Sends all of them. Where that fails after some were sent the connection is cut: an end would say that these were all.
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
        response.setContentType(form.mediaType);
        response.setHeader(DISPOSITION, "attachment; filename=\"" + name + "." + form.ending + "\"");
        if (exchange.request().getMethod().equals("HEAD")) {
            return;
        }
        Rows rows = new Rows(columns, form, response);
        if (form == Form.CSV) {
            rows.out.putByte(0xEF);
            rows.out.putByte(0xBB);
            rows.out.putByte(0xBF);
            rows.putCells(columns);
        }
        try {
            source.sendTo(rows);
            rows.flush();
            exchange.wrote(rows.written);
        } catch (Throwable failure) {
            if (!response.isCommitted()) {
                // What is told instead is no file, and all other headers stay.
                response.setHeader(DISPOSITION, null);
                throw failure;
            }
            response.sendError(ABORT);
            throw new IOException("the list ended early: " + failure.getMessage(), failure);
        }
    }

    private void flush() throws IOException {
        written += out.size();
        flushedAt = System.nanoTime();
        out.writeTo(response.getOutputStream());
        response.flushBuffer();
        out.clear();
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
        if (out.size() >= FLUSHED || System.nanoTime() - flushedAt > LATEST) {
            flush();
        }
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
