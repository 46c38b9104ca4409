package miroir.sql.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.sql.table.CanonicalJson;
import miroir.sql.table.ColumnKind;
import miroir.sql.table.SqlNames;
import miroir.sql.table.Table;
import miroir.sql.table.TableColumn;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema of PostgreSQL. Rows are put in by COPY. Who writes the copy holds an advisory lock, which is the connection's: whoever loses the connection has lost the lock, and
 * cannot write either.
 */
final class PostgresTarget implements Target {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTarget.class);

    /** Of all advisory locks of a database, those of copies. */
    private static final int LOCKS = 0x4D69726F;

    private static final String DEPENDENT_OBJECTS = "2BP01";

    private final String schema;
    private final List<String> readers;
    private final Connection connection;

    PostgresTarget(String schema, List<String> readers, Connection connection) throws SQLException {
        this.schema = schema;
        this.readers = readers;
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public String qualified(String table) {
        return SqlNames.quoted(schema) + "." + SqlNames.quoted(table);
    }

    @Override
    public String type(ColumnKind kind) {
        return switch (kind) {
            case TEXT -> "text";
            case BOOLEAN -> "boolean";
            case INTEGER -> "bigint";
            case DECIMAL -> "numeric";
            case INSTANT -> "timestamptz";
            case JSON -> "jsonb";
        };
    }

    @Override
    public boolean tryLock() throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
            lock.setInt(1, LOCKS);
            lock.setInt(2, schema.hashCode());
            try (ResultSet answer = lock.executeQuery()) {
                answer.next();
                boolean isOurs = answer.getBoolean(1);
                connection.commit();
                return isOurs;
            }
        }
    }

    /** Whoever may not make a schema may be given one. */
    @Override
    public void prepare() throws SQLException {
        if (!hasSchema()) {
            Statements.run(connection, "CREATE SCHEMA " + SqlNames.quoted(schema));
        }
        for (String reader : readers) {
            Statements.run(
                    connection, "GRANT USAGE ON SCHEMA " + SqlNames.quoted(schema) + " TO " + SqlNames.quoted(reader));
        }
    }

    private boolean hasSchema() throws SQLException {
        try (PreparedStatement find =
                connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
            find.setString(1, schema);
            try (ResultSet found = find.executeQuery()) {
                return found.next();
            }
        }
    }

    @Override
    public Set<String> relations() throws SQLException {
        Set<String> names = new TreeSet<>();
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ? AND c.relkind IN ('r', 'v', 'm', 'f', 'p')")) {
            find.setString(1, schema);
            try (ResultSet found = find.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
        }
        return names;
    }

    @Override
    public void describe(String name, Table table) throws SQLException {
        comment("TABLE " + qualified(name), table.description());
        comment(
                "COLUMN " + qualified(name) + "." + SqlNames.quoted(SqlNames.OWNER),
                "The id of the " + table.resourceType() + " that the row is of");
        for (TableColumn column : table.columns()) {
            comment("COLUMN " + qualified(name) + "." + SqlNames.quoted(column.name()), column.description());
        }
        letRead(name);
    }

    void letRead(String name) throws SQLException {
        for (String reader : readers) {
            Statements.run(connection, "GRANT SELECT ON " + qualified(name) + " TO " + SqlNames.quoted(reader));
        }
    }

    private void comment(String on, String text) throws SQLException {
        if (!text.isEmpty()) {
            String plain = text.replace('\0', '\uFFFD').replace("\\", "\\\\").replace("'", "''");
            Statements.run(connection, "COMMENT ON " + on + " IS E'" + plain + "'");
        }
    }

    @Override
    public RowWriter writer(String name, Table table) throws SQLException {
        return new Writer(
                connection.unwrap(PGConnection.class).getCopyAPI(),
                "COPY " + qualified(name) + " (" + Statements.columns(table) + ") FROM STDIN");
    }

    /** Rows as text in which lines are rows and tabulators are between cells; sent when there are some hundred thousand characters. */
    private static final class Writer implements RowWriter {
        private static final int SENT_AT = 1 << 18;

        private final CopyManager copy;
        private final String sql;
        private final StringBuilder rows = new StringBuilder();

        Writer(CopyManager copy, String sql) {
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

    @Override
    public long deleteOwned(String name, Collection<String> owners) throws SQLException {
        try (PreparedStatement delete = prepare(Statements.deleteOwned(this, name, "= ANY (?)"), owners)) {
            return delete.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, Collection<String> owners) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setArray(1, connection.createArrayOf("text", owners.toArray()));
        return statement;
    }

    @Override
    public ResultSet owned(String name, Table table, Collection<String> owners) throws SQLException {
        PreparedStatement statement = prepare(Statements.selectOwned(this, name, table, "= ANY (?)"), owners);
        statement.closeOnCompletion();
        return statement.executeQuery();
    }

    @Override
    public @Nullable String shown(ResultSet row, int column, ColumnKind kind) throws SQLException {
        if (row.getObject(column) == null) {
            return null;
        }
        return switch (kind) {
            case TEXT -> row.getString(column);
            case BOOLEAN -> String.valueOf(row.getBoolean(column));
            case INTEGER -> String.valueOf(row.getLong(column));
            case DECIMAL -> shown(kind, row.getBigDecimal(column));
            case INSTANT ->
                shown(kind, row.getObject(column, OffsetDateTime.class).toInstant());
            case JSON -> CanonicalJson.of(row.getString(column));
        };
    }

    @Override
    public String shown(ColumnKind kind, Object cell) {
        return switch (kind) {
            case TEXT, BOOLEAN, INTEGER -> cell.toString();
            case DECIMAL -> ((BigDecimal) cell).stripTrailingZeros().toString();
            case INSTANT -> ((Instant) cell).truncatedTo(ChronoUnit.MICROS).toString();
            case JSON -> CanonicalJson.of((String) cell);
        };
    }

    @Override
    public boolean isNeeded(SQLException failure) {
        return DEPENDENT_OBJECTS.equals(failure.getSQLState());
    }

    @Override
    public void rest() {
        // PostgreSQL looks after itself.
    }

    @Override
    public void freeze() throws SQLException {
        connection.rollback();
        Statements.run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection is left alone", e);
        }
    }
}
