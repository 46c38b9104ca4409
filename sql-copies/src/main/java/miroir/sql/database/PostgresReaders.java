package miroir.sql.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.sql.table.SqlNames;

/**
 * Roles that may read a copy in PostgreSQL. What they were granted is taken from those that are on the list no longer. Who was on it stands in the comment of the ledger, since what somebody granted
 * himself is not ours to take.
 *
 * @param schema that the copy is in
 */
record PostgresReaders(Connection connection, String schema, List<String> readers) {
    private static final String SAID = "What is known of the copy. Its readers: ";

    PostgresReaders {
        readers = List.copyOf(readers);
    }

    private String qualified(String table) {
        return SqlNames.quoted(schema) + "." + SqlNames.quoted(table);
    }

    /** Has them read some tables, the ledger among them, and others not. */
    void reconcile(Collection<String> tables) throws SQLException {
        String within = "SCHEMA " + SqlNames.quoted(schema);
        for (String reader : readers) {
            Statements.run(connection, "GRANT USAGE ON " + within + " TO " + SqlNames.quoted(reader));
        }
        for (String table : tables) {
            grant(table);
        }
        for (String former : former()) {
            Statements.run(connection, "REVOKE USAGE ON " + within + " FROM " + SqlNames.quoted(former));
            for (String table : tables) {
                Statements.run(connection, "REVOKE SELECT ON " + qualified(table) + " FROM " + SqlNames.quoted(former));
            }
        }
        Statements.run(
                connection,
                "COMMENT ON TABLE " + qualified(SqlNames.LEDGER) + " IS '" + SAID + String.join(" ", readers) + "'");
    }

    /** Has them read a table. */
    void grant(String table) throws SQLException {
        for (String reader : readers) {
            Statements.run(connection, "GRANT SELECT ON " + qualified(table) + " TO " + SqlNames.quoted(reader));
        }
    }

    private Set<String> former() throws SQLException {
        Set<String> former = new TreeSet<>();
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname::text = ANY (string_to_array(replace("
                        + "obj_description(to_regclass(?), 'pg_class'), ?, ''), ' '))")) {
            find.setString(1, qualified(SqlNames.LEDGER));
            find.setString(2, SAID);
            try (ResultSet found = find.executeQuery()) {
                while (found.next()) {
                    former.add(found.getString(1));
                }
            }
        }
        readers.forEach(former::remove);
        return former;
    }
}
