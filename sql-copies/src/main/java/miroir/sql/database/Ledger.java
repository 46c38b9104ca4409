package miroir.sql.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import miroir.sql.table.ColumnKind;
import miroir.sql.table.SqlNames;
import miroir.sql.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the copy, in the copy: a table that everybody may read, and that is written in the same transactions as the rows. How far the copy is stands there as a number,
 * milliseconds since 1970, which is exact in every database, and as an instant for people.
 */
public final class Ledger {
    private static final int LONGEST_ERROR = 2_000;

    private final Target target;
    private final String name;

    public Ledger(Target target) {
        this.target = target;
        this.name = target.qualified(SqlNames.LEDGER);
    }

    /** Makes the table where there is none. */
    public void prepare() throws SQLException {
        String instant = target.instantType();
        Statements.run(
                target.connection(),
                "CREATE TABLE IF NOT EXISTS " + name + " (view_table TEXT PRIMARY KEY, view_id TEXT NOT NULL,"
                        + " resource_type TEXT NOT NULL, position BIGINT NOT NULL, as_of " + instant
                        + " NOT NULL, row_count BIGINT NOT NULL, last_change " + instant + " NOT NULL, built "
                        + instant + " NOT NULL, fingerprint TEXT NOT NULL, shape TEXT NOT NULL, source TEXT NOT NULL,"
                        + " error TEXT)");
    }

    /** All tables that are shown, by their names, which are told apart as the database does it. */
    public Map<String, TableState> all() throws SQLException {
        Map<String, TableState> all = new TreeMap<>(target.names());
        try (Statement statement = target.connection().createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT view_table, view_id, resource_type, position, row_count, last_change, built, fingerprint,"
                                + " shape, source, error FROM " + name + " WHERE view_table <> '" + SqlNames.LEDGER
                                + "' ORDER BY view_table")) {
            while (found.next()) {
                all.put(found.getString(1), state(found));
            }
        }
        return all;
    }

    private TableState state(ResultSet found) throws SQLException {
        return new TableState(
                found.getString(1),
                found.getString(2),
                found.getString(3),
                Instant.ofEpochMilli(found.getLong(4)),
                found.getLong(5),
                instant(found, 6),
                instant(found, 7),
                found.getString(8),
                found.getString(9),
                found.getString(10),
                found.getString(11));
    }

    private Instant instant(ResultSet found, int column) throws SQLException {
        String text = target.shown(found, column, ColumnKind.INSTANT);
        return text == null ? Instant.EPOCH : Instant.parse(text);
    }

    /** A table that is shown from now on, as of an instant. */
    public void put(Table table, Instant asOf, long rows, String source, Instant now) throws SQLException {
        remove(table.name());
        String sql = "INSERT INTO " + name + " (view_table, view_id, resource_type, position, as_of, row_count,"
                + " last_change, built, fingerprint, shape, source) VALUES (?, ?, ?, ?, " + target.literal(asOf)
                + ", ?, " + target.literal(asOf) + ", " + target.literal(now) + ", ?, ?, ?)";
        try (PreparedStatement insert = target.connection().prepareStatement(sql)) {
            insert.setString(1, table.name());
            insert.setString(2, table.viewId());
            insert.setString(3, table.resourceType());
            insert.setLong(4, asOf.toEpochMilli());
            insert.setLong(5, rows);
            insert.setString(6, table.fingerprint());
            insert.setString(7, table.shape());
            insert.setString(8, source);
            insert.executeUpdate();
        }
    }

    /** A table that is not shown any more. */
    public void remove(String table) throws SQLException {
        try (PreparedStatement delete =
                target.connection().prepareStatement("DELETE FROM " + name + " WHERE view_table = ?")) {
            delete.setString(1, table);
            delete.executeUpdate();
        }
    }

    /** How many rows more, or less, a table has as of an instant at which it changed. */
    public void changed(String table, long more, Instant asOf) throws SQLException {
        String sql = "UPDATE " + name + " SET row_count = row_count + ?, last_change = " + target.literal(asOf)
                + " WHERE view_table = ?";
        try (PreparedStatement update = target.connection().prepareStatement(sql)) {
            update.setLong(1, more);
            update.setString(2, table);
            update.executeUpdate();
        }
    }

    /** Everything is as of an instant, and goes on. */
    public void reached(Instant asOf) throws SQLException {
        remove(SqlNames.LEDGER);
        Statements.run(
                target.connection(),
                "UPDATE " + name + " SET position = " + asOf.toEpochMilli() + ", as_of = " + target.literal(asOf)
                        + ", error = NULL");
    }

    /** Why it does not go on; null: nothing is said of it. */
    public @Nullable String error() throws SQLException {
        try (Statement statement = target.connection().createStatement();
                ResultSet found = statement.executeQuery("SELECT max(error) FROM " + name)) {
            return found.next() ? found.getString(1) : null;
        }
    }

    /** Why it does not go on. Where there are no tables yet, it stands in a row of the copy itself, which goes when there are. */
    public void failed(String why) throws SQLException {
        String shown = why.length() <= LONGEST_ERROR ? why : why.substring(0, LONGEST_ERROR);
        try (PreparedStatement update = target.connection().prepareStatement("UPDATE " + name + " SET error = ?")) {
            update.setString(1, shown);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        String never = target.literal(Instant.EPOCH);
        try (PreparedStatement insert = target.connection()
                .prepareStatement("INSERT INTO " + name + " (view_table, view_id, resource_type, position, as_of,"
                        + " row_count, last_change, built, fingerprint, shape, source, error) VALUES ('"
                        + SqlNames.LEDGER + "', '', '', 0, " + never + ", 0, " + never + ", " + never
                        + ", '', '', '', ?)")) {
            insert.setString(1, shown);
            insert.executeUpdate();
        }
    }
}
