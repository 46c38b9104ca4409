package miroir.server.views;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.view.Column;
import miroir.index.view.Row;
import miroir.server.format.RowFormat;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes.
 *
 * <p>CSV is that of RFC 4180: commas, lines that end with CR LF, quotes where they are needed. Nothing between two commas is nothing; an empty text is
 * {@code ""}, as databases read it. Lists and what has parts are JSON in a cell. Cells are what they are, formulas of spreadsheets too: programs read this.
 *
 * <p>In JSON all columns are in each row, null where there is nothing.
 */
public final class WriteRows {
    private static final int LARGEST_PLAIN_SCALE = 40;

    private final List<Column> columns;
    private final List<byte[]> names;
    private final RowFormat format;
    private final Utf8Buffer out;
    private final Utf8Buffer nested = new Utf8Buffer(256);
    private boolean isFirst = true;

    /** Writes rows of these columns there. */
    public WriteRows(List<Column> columns, RowFormat format, Utf8Buffer out) {
        this.columns = List.copyOf(columns);
        this.names = columns.stream()
                .map(column -> ('"' + column.name() + "\":").getBytes(StandardCharsets.US_ASCII))
                .toList();
        this.format = format;
        this.out = out;
    }

    /** What comes before the rows. */
    public void begin(boolean hasHeader) {
        if (format == RowFormat.JSON) {
            out.putByte('[');
        }
        if (format == RowFormat.CSV && hasHeader) {
            for (int i = 0; i < columns.size(); i++) {
                out.putAscii(i == 0 ? "" : ",");
                out.putAscii(columns.get(i).name());
            }
            out.putAscii("\r\n");
        }
    }

    public void row(Row row) {
        switch (format) {
            case CSV -> csv(row);
            case NDJSON -> {
                object(row);
                out.putByte('\n');
            }
            case JSON -> {
                out.putAscii(isFirst ? "\n" : ",\n");
                object(row);
            }
        }
        isFirst = false;
    }

    /** What may stand between rows where they are long in coming, by which a client that is gone is noticed; CSV and NDJSON have no room for it. */
    public void pause() {
        if (format == RowFormat.JSON) {
            out.putByte('\n');
        }
    }

    /** What comes after them. */
    public void end() {
        if (format == RowFormat.JSON) {
            out.putAscii(isFirst ? "]\n" : "\n]\n");
        }
    }

    // --- JSON

    private void object(Row row) {
        for (int i = 0; i < names.size(); i++) {
            out.putByte(i == 0 ? '{' : ',');
            out.putBytes(names.get(i));
            json(row.cell(i), out);
        }
        out.putByte('}');
    }

    private static void json(@Nullable Object cell, Utf8Buffer out) {
        if (cell instanceof String text) {
            out.putQuoted(text);
        } else if (cell instanceof List<?> list) {
            list(list, out);
        } else if (cell instanceof RawBsonDocument document) {
            ResourceWriter.write(document, out, false);
        } else {
            out.putAscii(cell instanceof BigDecimal number ? number(number) : String.valueOf(cell));
        }
    }

    private static void list(List<?> list, Utf8Buffer out) {
        out.putByte('[');
        for (int i = 0; i < list.size(); i++) {
            out.putAscii(i == 0 ? "" : ",");
            json(list.get(i), out);
        }
        out.putByte(']');
    }

    /** With the digits that it was written with; no exponent unless it would be long without. */
    private static String number(BigDecimal number) {
        return Math.abs(number.scale()) <= LARGEST_PLAIN_SCALE ? number.toPlainString() : number.toString();
    }

    // --- CSV

    private void csv(Row row) {
        for (int i = 0; i < columns.size(); i++) {
            out.putAscii(i == 0 ? "" : ",");
            csv(row.cell(i));
        }
        out.putAscii("\r\n");
    }

    private void csv(@Nullable Object cell) {
        if (cell instanceof String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            csv(utf8, utf8.length);
        } else if (cell instanceof List<?> || cell instanceof RawBsonDocument) {
            nested.clear();
            json(cell, nested);
            csv(nested.array(), nested.size());
        } else if (cell != null) {
            json(cell, out);
        }
    }

    private void csv(byte[] utf8, int length) {
        if (length > 0 && isPlain(utf8, length)) {
            out.putBytes(utf8, 0, length);
            return;
        }
        out.putByte('"');
        for (int i = 0; i < length; i++) {
            if (utf8[i] == '"') {
                out.putByte('"');
            }
            out.putByte(utf8[i]);
        }
        out.putByte('"');
    }

    private static boolean isPlain(byte[] utf8, int length) {
        for (int i = 0; i < length; i++) {
            if (utf8[i] == ',' || utf8[i] == '"' || utf8[i] == '\n' || utf8[i] == '\r') {
                return false;
            }
        }
        return true;
    }
}
