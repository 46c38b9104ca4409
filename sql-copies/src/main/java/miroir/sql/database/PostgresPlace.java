package miroir.sql.database;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A schema of a database of PostgreSQL.
 *
 * @param url of JDBC, without a password
 * @param user null: as the URL has it, or the system
 * @param password null: there is none
 * @param encrypted whether a connection has to be encrypted, to whom the certificate is of, where the URL does not say it
 * @param readers roles that may read
 */
public record PostgresPlace(
        String url,
        @Nullable String user,
        @Nullable String password,
        boolean encrypted,
        String schema,
        List<String> readers)
        implements Place {
    private static final String CONNECT_SECONDS = "10";

    /** Longer than an index of a large table takes, and shorter than nobody would notice. */
    private static final String SILENCE_SECONDS = "1800";

    public PostgresPlace {
        readers = List.copyOf(readers);
    }

    @Override
    public Target open() throws SQLException {
        return new PostgresTarget(schema, readers, DriverManager.getConnection(url, properties()));
    }

    @Override
    public Target openToRead() throws SQLException {
        Properties properties = properties();
        properties.setProperty("readOnly", "true");
        return new PostgresTarget(schema, readers, DriverManager.getConnection(url, properties));
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "miroir");
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", SILENCE_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        if (encrypted) {
            properties.setProperty("sslmode", "verify-full");
        }
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    @Override
    public String shown() {
        int query = url.indexOf('?');
        return (query < 0 ? url : url.substring(0, query)) + ", schema " + schema;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return shown();
    }
}
