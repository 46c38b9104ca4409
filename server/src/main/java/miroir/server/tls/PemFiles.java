package miroir.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.TlsConfiguration;
import org.jspecify.annotations.Nullable;

/** What stands in both files at one look; null where a file cannot be read. */
record PemFiles(@Nullable String certificate, @Nullable String key) {

    static PemFiles look(TlsConfiguration tls) {
        return new PemFiles(read(tls.certificate()), read(tls.key()));
    }

    /** What was read; throws where nothing was. */
    static String required(Path file, @Nullable String text) {
        if (text == null) {
            throw new ConfigurationRefused(file.toString(), "cannot be read (listen.tls in server.yaml)");
        }
        return text;
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
    }

    /** Nothing of a key belongs into a log. */
    @Override
    public String toString() {
        return "PemFiles";
    }
}
