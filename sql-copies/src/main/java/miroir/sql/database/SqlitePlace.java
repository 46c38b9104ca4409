package miroir.sql.database;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** A file of SQLite. What is made of files and folders here is the owner's alone. */
public record SqlitePlace(Path file) implements Place {
    static final String WAIT_MILLIS = "30000";

    /** Negative: kilobytes instead of pages. */
    private static final String CACHE_KILOBYTES = "-32768";

    private static final int LOG_PAGES = 16_384;

    @Override
    public Target open() throws SQLException {
        make();
        Properties properties = new Properties();
        // Readers are not blocked, and do not block.
        properties.setProperty("journal_mode", "WAL");
        // A loss of power may take the last transactions with it, and with them how far the copy is.
        properties.setProperty("synchronous", "NORMAL");
        properties.setProperty("busy_timeout", WAIT_MILLIS);
        // A fill writes the log seldom into the file; else it is written whenever there is nothing to do.
        properties.setProperty("cache_size", CACHE_KILOBYTES);
        // What is erased is not left in the file.
        properties.setProperty("secure_delete", "true");
        Connection connection = DriverManager.getConnection(url(), properties);
        Statements.run(connection, "PRAGMA wal_autocheckpoint = " + LOG_PAGES);
        // A view of somebody names a table that is not there between two statements.
        Statements.run(connection, "PRAGMA legacy_alter_table = ON");
        return new SqliteTarget(file, connection);
    }

    @Override
    public Target openToRead() throws SQLException {
        if (!Files.exists(file)) {
            throw new SQLException("there is no file " + file);
        }
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", WAIT_MILLIS);
        Connection connection = DriverManager.getConnection(url(), properties);
        Statements.run(connection, "PRAGMA query_only = ON");
        return new SqliteTarget(file, connection);
    }

    private String url() {
        return "jdbc:sqlite:" + file;
    }

    /** SQLite gives what belongs to a file the permissions of the file. */
    private void make() throws SQLException {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder, owners("rwx------", folder));
            }
            Files.createFile(file, owners("rw-------", file));
        } catch (FileAlreadyExistsException e) {
            // as it should be
        } catch (IOException e) {
            throw new SQLException("the file " + file + " cannot be made: " + e, e);
        }
    }

    private static FileAttribute<?>[] owners(String permissions, Path near) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String shown() {
        return file.toString();
    }
}
