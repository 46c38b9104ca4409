package miroir.sql.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;

/** Rows for PostgreSQL's COPY, as text in which lines are rows and tabulators are between cells; sent when there are some hundred thousand characters. */
final class CopyIn implements RowWriter {
    private static final int SENT_AT = 1 << 18;

    private final CopyManager copy;
    private final String sql;
    private final StringBuilder rows = new StringBuilder();

    CopyIn(CopyManager copy, String sql) {
        this.copy = copy;
        this.sql = sql;
    }

    @Override
    public void add(String owner, List<@Nullable Object> cells) throws SQLException {
        escape(owner);
        for (Object cell : cells) {
            rows.append('\t');
            if (cell == null) {
                rows.append("\\N");
            } else {
                escape(
                        cell instanceof Instant instant
                                ? instant.truncatedTo(ChronoUnit.MICROS).toString()
                                : cell.toString());
            }
        }
        rows.append('\n');
        if (rows.length() > SENT_AT) {
            flush();
        }
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            switch (next) {
                case '\\' -> rows.append("\\\\");
                case '\t' -> rows.append("\\t");
                case '\n' -> rows.append("\\n");
                case '\r' -> rows.append("\\r");
                default -> rows.append(next);
            }
        }
    }

    @Override
    public void flush() throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        byte[] sent = rows.toString().getBytes(StandardCharsets.UTF_8);
        rows.setLength(0);
        try {
            copy.copyIn(sql, new ByteArrayInputStream(sent));
        } catch (IOException e) {
            throw new SQLException("rows could not be sent: " + e, e);
        }
    }

    @Override
    public void close() {
        // What was not flushed is not wanted.
    }
}
