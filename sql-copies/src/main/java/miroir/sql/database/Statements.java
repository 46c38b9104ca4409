package miroir.sql.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import miroir.sql.table.SqlNames;
import miroir.sql.table.Table;
import miroir.sql.table.TableColumn;

/** Statements that both dialects have. */
final class Statements {
    private Statements() {}

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** What answers with rows that nobody needs. */
    static void ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The columns, that of the owner first. */
    static String columns(Table table) {
        return SqlNames.quoted(SqlNames.OWNER) + ", "
                + table.columns().stream()
                        .map(TableColumn::name)
                        .map(SqlNames::quoted)
                        .collect(Collectors.joining(", "));
    }

    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    static String create(Target target, String name, Table table) {
        return "CREATE TABLE " + target.qualified(name) + " (" + SqlNames.quoted(SqlNames.OWNER) + " TEXT NOT NULL, "
                + table.columns().stream()
                        .map(each -> SqlNames.quoted(each.name()) + " " + target.type(each.kind()))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    static String selectOwned(Target target, String name, Table table, String condition) {
        return "SELECT " + columns(table) + " FROM " + target.qualified(name) + " WHERE "
                + SqlNames.quoted(SqlNames.OWNER) + " " + condition;
    }

    static String deleteOwned(Target target, String name, String condition) {
        return "DELETE FROM " + target.qualified(name) + " WHERE " + SqlNames.quoted(SqlNames.OWNER) + " " + condition;
    }

    /** One after the other. */
    static void run(Connection connection, List<String> statements) throws SQLException {
        for (String sql : statements) {
            run(connection, sql);
        }
    }
}
