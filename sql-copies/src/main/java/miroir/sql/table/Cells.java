package miroir.sql.table;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.view.Row;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a view as rows of its table. The character NUL, which PostgreSQL has in no text, becomes that for what cannot be shown, U+FFFD, in all databases alike.
 */
public final class Cells {
    private static final char NUL = 0;
    private static final char SHOWN = '\uFFFD';
    private static final String NUL_IN_JSON = "\\u0000";

    /** Not where the backslash is itself escaped. */
    private static final Pattern ESCAPED_NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private static final Pattern LEAP_SECOND = Pattern.compile("(T\\d\\d:\\d\\d):60");
    private static final int LARGEST_PLAIN_SCALE = 40;

    private final Table table;
    private final Utf8Buffer json = new Utf8Buffer(1024);

    public Cells(Table table) {
        this.table = table;
    }

    /** What stands in a row, column by column; null where there is nothing. */
    public List<@Nullable Object> of(Row row) {
        List<@Nullable Object> cells = new ArrayList<>(table.columns().size());
        for (int i = 0; i < table.columns().size(); i++) {
            Object cell = row.cell(i);
            cells.add(cell == null ? null : of(table.columns().get(i), cell));
        }
        return cells;
    }

    private Object of(TableColumn column, Object cell) {
        return switch (column.kind()) {
            case TEXT -> ((String) cell).replace(NUL, SHOWN);
            case BOOLEAN, INTEGER, DECIMAL -> cell;
            case INSTANT -> instant(column, (String) cell);
            case JSON -> json(cell);
        };
    }

    /** Any text may be declared to be an instant, and what is none would be a row that no database takes. */
    private Instant instant(TableColumn column, String text) {
        try {
            String known = LEAP_SECOND.matcher(text).replaceFirst("$1:59");
            Instant read = OffsetDateTime.parse(known).toInstant();
            return known.equals(text) ? read : read.plusSeconds(1);
        } catch (DateTimeException e) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    "the column \"" + column.name() + "\" of the view " + table.viewId()
                            + " is of instants, and this is none; let its type be dateTime or string");
        }
    }

    private String json(Object cell) {
        json.clear();
        write(cell);
        String text = new String(json.array(), 0, json.size(), StandardCharsets.UTF_8);
        return text.contains(NUL_IN_JSON) ? ESCAPED_NUL.matcher(text).replaceAll("$1" + SHOWN) : text;
    }

    private void write(Object cell) {
        if (cell instanceof String text) {
            json.putQuoted(text);
        } else if (cell instanceof List<?> list) {
            json.putByte('[');
            for (int i = 0; i < list.size(); i++) {
                json.putAscii(i == 0 ? "" : ",");
                write(list.get(i));
            }
            json.putByte(']');
        } else if (cell instanceof RawBsonDocument document) {
            ResourceWriter.write(document, json, false);
        } else {
            json.putAscii(cell instanceof BigDecimal number ? number(number) : String.valueOf(cell));
        }
    }

    private static String number(BigDecimal number) {
        return Math.abs(number.scale()) <= LARGEST_PLAIN_SCALE ? number.toPlainString() : number.toString();
    }
}
