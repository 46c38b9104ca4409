package miroir.sql.database;

import java.sql.SQLException;

/** Where a copy is. */
public sealed interface Place permits PostgresPlace, SqlitePlace {

    /** Opens a connection that writes it. */
    Target open() throws SQLException;

    /** Opens a connection that only reads it. */
    Target openToRead() throws SQLException;

    /** As it is told, without what nobody may know. */
    String shown();
}
