package miroir.sql.database;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import miroir.sql.table.CanonicalJson;
import miroir.sql.table.ColumnKind;
import miroir.sql.table.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of SQLite. Instants are texts of one length in UTC, which its functions of time read and which sort as they should; numbers have the fifteen digits that it keeps.
 *
 * <p>SQLite's own lock lasts for a transaction only, so who writes the copy holds one of the system on a file beside it, which ends however the process does.
 */
final class SqliteTarget implements Target {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteTarget.class);
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int AT_ONCE = 500;
    private static final int REST_MILLIS = 200;

    /** Those that this process has: to open and close a file of a lock once more would give the lock back. */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Connection connection;
    private @Nullable FileChannel locked;

    SqliteTarget(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public String qualified(String table) {
        return '"' + table + '"';
    }

    @Override
    public String type(ColumnKind kind) {
        return switch (kind) {
            case TEXT, INSTANT, JSON -> "TEXT";
            case BOOLEAN -> "BOOLEAN";
            case INTEGER -> "INTEGER";
            case DECIMAL -> "NUMERIC";
        };
    }

    @Override
    public boolean tryLock() throws SQLException {
        if (!LOCKED.add(lockFile())) {
            return false;
        }
        try {
            FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                locked = channel;
                return true;
            }
            close(channel);
        } catch (IOException e) {
            LOCKED.remove(lockFile());
            throw new SQLException("the file " + lockFile() + " cannot be written: " + e, e);
        }
        LOCKED.remove(lockFile());
        return false;
    }

    private Path lockFile() {
        return Path.of(file.toAbsolutePath().normalize() + ".lock");
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a lock is left to the system", e);
        }
    }

    @Override
    public void prepare() {
        // The file is all that is needed.
    }

    @Override
    public Set<String> relations() throws SQLException {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        return names;
    }

    @Override
    public void describe(String name, Table table) {
        // There is no place for it.
    }

    @Override
    public RowWriter writer(String name, Table table) throws SQLException {
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + qualified(name) + " ("
                + Statements.columns(table) + ") VALUES ("
                + Statements.marks(table.columns().size() + 1) + ")");
        return new Writer(insert, table);
    }

    /** Rows are inserted one by one: within a transaction that costs no more than sending several. */
    private record Writer(PreparedStatement insert, Table table) implements RowWriter {
        @Override
        public void add(String owner, List<@Nullable Object> cells) throws SQLException {
            insert.setString(1, owner);
            for (int i = 0; i < cells.size(); i++) {
                Object cell = cells.get(i);
                insert.setObject(
                        i + 2,
                        cell == null ? null : bound(table.columns().get(i).kind(), cell));
            }
            insert.executeUpdate();
        }

        @Override
        public void flush() {
            // nothing waits
        }

        @Override
        public void close() throws SQLException {
            insert.close();
        }
    }

    private static Object bound(ColumnKind kind, Object cell) {
        return switch (kind) {
            case TEXT, JSON, INTEGER -> cell;
            case BOOLEAN -> (Boolean) cell ? 1 : 0;
            case DECIMAL -> ((BigDecimal) cell).doubleValue();
            case INSTANT -> INSTANT.format((Instant) cell);
        };
    }

    @Override
    public long deleteOwned(String name, Collection<String> owners) throws SQLException {
        long deleted = 0;
        List<String> all = List.copyOf(owners);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            try (PreparedStatement delete = prepare(Statements.deleteOwned(this, name, among(some)), some)) {
                deleted += delete.executeUpdate();
            }
        }
        return deleted;
    }

    private static String among(List<String> owners) {
        return "IN (" + Statements.marks(owners.size()) + ")";
    }

    private PreparedStatement prepare(String sql, List<String> owners) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < owners.size(); i++) {
            statement.setString(i + 1, owners.get(i));
        }
        return statement;
    }

    @Override
    public ResultSet owned(String name, Table table, Collection<String> owners) throws SQLException {
        List<String> all = List.copyOf(owners);
        PreparedStatement statement = prepare(Statements.selectOwned(this, name, table, among(all)), all);
        statement.closeOnCompletion();
        return statement.executeQuery();
    }

    @Override
    public @Nullable String shown(ResultSet row, int column, ColumnKind kind) throws SQLException {
        if (row.getObject(column) == null) {
            return null;
        }
        return switch (kind) {
            case TEXT, INSTANT -> row.getString(column);
            case BOOLEAN -> String.valueOf(row.getInt(column) != 0);
            case INTEGER -> String.valueOf(row.getLong(column));
            case DECIMAL -> String.valueOf(row.getDouble(column));
            case JSON -> CanonicalJson.of(row.getString(column));
        };
    }

    @Override
    public String shown(ColumnKind kind, Object cell) {
        return switch (kind) {
            case TEXT, BOOLEAN, INTEGER -> cell.toString();
            case DECIMAL -> String.valueOf(((BigDecimal) cell).doubleValue());
            case INSTANT -> INSTANT.format((Instant) cell);
            case JSON -> CanonicalJson.of((String) cell);
        };
    }

    @Override
    public boolean isNeeded(SQLException failure) {
        return false;
    }

    @Override
    public void letRead(Collection<String> tables) {
        // Who may read is said by the permissions of the file.
    }

    @Override
    public Comparator<String> names() {
        return String.CASE_INSENSITIVE_ORDER;
    }

    /** Who reads keeps the file as it was. */
    @Override
    public boolean tryKeepReadersOff(Collection<String> tables) {
        return true;
    }

    /**
     * What was erased is in the file until then, and in the log beside it, which is why that is cut off and not only written into the file. Readers who take their time keep some of it for the next
     * time; they are waited for no longer than nobody would notice.
     */
    @Override
    public void rest() throws SQLException {
        connection.setAutoCommit(true);
        try {
            Statements.ask(connection, "PRAGMA busy_timeout = " + REST_MILLIS);
            Statements.ask(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        } finally {
            Statements.ask(connection, "PRAGMA busy_timeout = " + SqlitePlace.WAIT_MILLIS);
            connection.setAutoCommit(false);
        }
    }

    /** The first thing that is read in a transaction says as at when the rest is. */
    @Override
    public void freeze(Collection<String> tables) throws SQLException {
        connection.rollback();
        relations();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection is left alone", e);
        }
        if (locked != null) {
            close(locked);
            locked = null;
            LOCKED.remove(lockFile());
        }
    }
}
