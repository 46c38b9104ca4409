package miroir.sql.database;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema of PostgreSQL. Rows are put in by COPY. Who writes the copy holds an advisory lock, which is the connection's: whoever loses the connection has lost the lock, and
 * cannot write either.
 */
final class PostgresTarget implements Target {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTarget.class);

    private static final String DEPENDENT_OBJECTS = "2BP01";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String NO_SUCH_TABLE = "42P01";

    /** Of all advisory locks of a database, that of the copy in a schema. */
    private static final String LOCK = "(hashtextextended('miroir copy ' || ?, 0))";

    /** Nothing is waited for without end, and a client that is not there any more is noticed within minutes, so that its lock does not stay. */
    private static final List<String> SESSION = List.of(
            "SET lock_timeout = '60s'",
            "SET tcp_keepalives_idle = 60",
            "SET tcp_keepalives_interval = 10",
            "SET tcp_keepalives_count = 6");

    private static final int TRIES = 3;
    private static final int UNLOCK_MILLIS = 5_000;

    private final String schema;
    private final PostgresReaders readers;
    private final Connection connection;
    private boolean isLocked;

    PostgresTarget(String schema, List<String> readers, Connection connection) throws SQLException {
        this.schema = schema;
        this.readers = new PostgresReaders(connection, schema, readers);
        this.connection = connection;
        Statements.run(connection, SESSION);
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
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_lock" + LOCK)) {
            lock.setString(1, schema);
            try (ResultSet answer = lock.executeQuery()) {
                answer.next();
                isLocked = answer.getBoolean(1);
                connection.commit();
                return isLocked;
            }
        }
    }

    /** Whoever may not make a schema may be given one. */
    @Override
    public void prepare() throws SQLException {
        if (!hasSchema()) {
            Statements.run(connection, "CREATE SCHEMA " + SqlNames.quoted(schema));
        }
    }

    @Override
    public void letRead(Collection<String> tables) throws SQLException {
        readers.reconcile(tables);
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
        readers.grant(name);
    }

    private void comment(String on, String text) throws SQLException {
        if (!text.isEmpty()) {
            String plain = text.replace('\0', '\uFFFD').replace("\\", "\\\\").replace("'", "''");
            Statements.run(connection, "COMMENT ON " + on + " IS E'" + plain + "'");
        }
    }

    @Override
    public RowWriter writer(String name, Table table) throws SQLException {
        return new CopyIn(
                connection.unwrap(PGConnection.class).getCopyAPI(),
                "COPY " + qualified(name) + " (" + Statements.columns(table) + ") FROM STDIN");
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
    public Comparator<String> names() {
        return Comparator.naturalOrder();
    }

    /** Who waits for a lock keeps all that come after him from reading, so it is for a moment only; and of no table is anything held while another is waited for longer. */
    @Override
    public boolean tryKeepReadersOff(Collection<String> tables) throws SQLException {
        List<String> there = there(tables);
        if (there.isEmpty()) {
            return true;
        }
        Savepoint before = connection.setSavepoint();
        try {
            Statements.run(connection, "SET LOCAL lock_timeout = '2s'");
            Statements.run(connection, "LOCK TABLE " + String.join(", ", there) + " IN ACCESS EXCLUSIVE MODE");
            return true;
        } catch (SQLException e) {
            connection.rollback(before);
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
        }
        Statements.ask(connection, "SELECT pg_sleep(1)");
        return false;
    }

    private List<String> there(Collection<String> tables) throws SQLException {
        Set<String> relations = relations();
        return tables.stream()
                .filter(relations::contains)
                .map(this::qualified)
                .sorted()
                .toList();
    }

    @Override
    public void rest() {
        // PostgreSQL looks after itself.
    }

    /** Tables are found as they are at present and their rows as at the moment of the transaction; so they are locked, as by any reader, before that moment. */
    @Override
    public void freeze(Collection<String> tables) throws SQLException {
        for (int i = 1; ; i++) {
            connection.rollback();
            List<String> there = there(tables);
            connection.rollback();
            Statements.run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            try {
                if (!there.isEmpty()) {
                    Statements.run(connection, "LOCK TABLE " + String.join(", ", there) + " IN ACCESS SHARE MODE");
                }
                return;
            } catch (SQLException e) {
                if (!NO_SUCH_TABLE.equals(e.getSQLState()) || i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The lock is let go first: the server may notice a little later that the connection is gone. */
    @Override
    public void close() {
        try (connection) {
            unlock();
        } catch (SQLException e) {
            LOG.debug("a connection is left alone", e);
        }
    }

    private void unlock() throws SQLException {
        if (isLocked && !connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, UNLOCK_MILLIS);
            connection.rollback();
            try (PreparedStatement unlock = connection.prepareStatement("SELECT pg_advisory_unlock" + LOCK)) {
                unlock.setString(1, schema);
                unlock.execute();
            }
            connection.commit();
        }
    }
}
