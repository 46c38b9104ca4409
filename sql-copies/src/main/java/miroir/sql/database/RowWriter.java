package miroir.sql.database;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts rows into a table, many at once. Nothing else may be asked of the connection between the first row and {@link #flush}. */
public interface RowWriter extends AutoCloseable {

    /** A row of a resource, as {@link miroir.sql.table.Cells} has it. */
    void add(String owner, List<@Nullable Object> cells) throws SQLException;

    /** Sees to it that all are there. */
    void flush() throws SQLException;

    @Override
    void close() throws SQLException;
}
