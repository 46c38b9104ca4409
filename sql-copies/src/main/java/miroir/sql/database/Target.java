package miroir.sql.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import miroir.sql.table.ColumnKind;
import miroir.sql.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a database that has a copy, and what is different from one dialect to the other. Everything is done in transactions: who asks commits. Not for several threads.
 */
public sealed interface Target extends AutoCloseable permits PostgresTarget, SqliteTarget {
    Connection connection();

    /** A table or view of the copy as statements name it. */
    String qualified(String table);

    /** What {@link miroir.sql.table.SqlNames#LEDGER} keeps instants in, and how one is written in a statement. */
    default String instantType() {
        return type(ColumnKind.INSTANT);
    }

    /** An instant as a literal. */
    default String literal(Instant instant) {
        return "'" + shown(ColumnKind.INSTANT, instant) + "'";
    }

    /** What a column of that kind is declared as. */
    String type(ColumnKind kind);

    /** Sees to it that nobody else writes this copy until the connection is closed; false where somebody does. */
    boolean tryLock() throws SQLException;

    /** Makes what tables need to be in, if it is not there. */
    void prepare() throws SQLException;

    /** All tables and views that are where the copy is, whoever made them. */
    Set<String> relations() throws SQLException;

    /** Says of a table and its columns what the view says of them, and lets those read it who may. */
    void describe(String name, Table table) throws SQLException;

    RowWriter writer(String name, Table table) throws SQLException;

    /** Removes the rows of some resources, and says how many there were. */
    long deleteOwned(String name, Collection<String> owners) throws SQLException;

    /** The rows of some resources, the owner in the first column; closed with its statement. */
    ResultSet owned(String name, Table table, Collection<String> owners) throws SQLException;

    /** What is in a column, as it is compared; null where there is nothing. */
    @Nullable
    String shown(ResultSet row, int column, ColumnKind kind) throws SQLException;

    /** What that would be of a cell that was written. */
    String shown(ColumnKind kind, Object cell);

    /** Whether something is not removed since others, such as a view of somebody, depend on it. */
    boolean isNeeded(SQLException failure);

    /** Lets those read some tables who may, and those no longer who might until now; which the ledger has to be among. */
    void letRead(Collection<String> tables) throws SQLException;

    /** Tells names apart as the database does. */
    Comparator<String> names();

    /** Sees to it that nobody reads some tables until the end of the transaction; false where somebody does who does not end within seconds. */
    boolean tryKeepReadersOff(Collection<String> tables) throws SQLException;

    /** Does what can wait until nothing else is to be done, outside of transactions. */
    void rest() throws SQLException;

    /** Begins to read some tables, those of them that are there, as at one moment. */
    void freeze(Collection<String> tables) throws SQLException;

    @Override
    void close();
}
