package miroir.sql.database;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import miroir.index.Refusal;
import miroir.sql.table.SqlNames;
import miroir.sql.table.Table;

/**
 * Tables that are built aside, and then shown in place of those before them.
 *
 * <p>Where the columns are the same, the rows take the place of the rows: the table stays what it is, with the rights that somebody granted on it, the indexes that he made for his
 * questions and the views that he built on it. In one transaction, so that whoever reads sees all of the old ones or all of the new ones. It costs writing the rows twice.
 *
 * <p>Where the columns are others, the table takes the place of the table, by another name. What depends on the old one, in PostgreSQL a view of somebody, keeps it from going; it
 * is not removed along with it, and the copy says what is in the way.
 */
public final class ShowTables {
    private final Target target;

    public ShowTables(Target target) {
        this.target = target;
    }

    /** Makes an empty one aside; what was left of an earlier attempt goes. */
    public void begin(Table table) throws SQLException {
        drop(table.building());
        Statements.run(target.connection(), Statements.create(target, table.building(), table));
    }

    /** Makes what is built quick to change, once it is full. */
    public void finish(Table table, long moment) throws SQLException {
        Statements.run(
                target.connection(),
                "CREATE INDEX " + SqlNames.quoted(SqlNames.index(table.name(), moment)) + " ON "
                        + target.qualified(table.building()) + " (" + SqlNames.quoted(SqlNames.OWNER) + ")");
    }

    /** In place of one with the same columns. */
    public void replaceRows(Table table) throws SQLException {
        String columns = Statements.columns(table);
        String shown = target.qualified(table.name());
        Statements.run(
                target.connection(),
                List.of(
                        "DELETE FROM " + shown,
                        "INSERT INTO " + shown + " (" + columns + ") SELECT " + columns + " FROM "
                                + target.qualified(table.building())));
        drop(table.building());
        target.describe(table.name(), table);
    }

    /** In place of one with other columns, or of none. */
    public void replaceTable(Table table) throws SQLException {
        remove(table.name());
        Statements.run(
                target.connection(),
                "ALTER TABLE " + target.qualified(table.building()) + " RENAME TO " + SqlNames.quoted(table.name()));
        target.describe(table.name(), table);
    }

    /** Removes one that was shown. */
    public void remove(String table) throws SQLException {
        Savepoint before = target.connection().setSavepoint();
        try {
            drop(table);
        } catch (SQLException e) {
            target.connection().rollback(before);
            if (target.isNeeded(e)) {
                throw new Refusal(
                        Refusal.Reason.CONFLICT,
                        "the table " + table
                                + " has to go, or to have other columns, and something that others made depends on it: "
                                + e.getMessage() + ". Drop that, and make it again after");
            }
            throw e;
        }
    }

    private void drop(String table) throws SQLException {
        Statements.run(target.connection(), "DROP TABLE IF EXISTS " + target.qualified(table));
    }
}
