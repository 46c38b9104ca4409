package miroir.server.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Properties;

/** Which version this is. */
public final class ServerVersion {
    private ServerVersion() {}

    /** Its name, as the jar says it; there is none where classes do not come from a jar. */
    public static String text() {
        String inJar = ServerVersion.class.getPackage().getImplementationVersion();
        return inJar == null ? "development" : inJar;
    }

    /** Its date, which is the same in all builds and all processes of it. */
    public static Instant date() {
        try (InputStream in = ServerVersion.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return Instant.parse(properties.getProperty("date"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
