package miroir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.ServerConfiguration;

/** The token in the file that {@code access.writeTokenFile} names, with which everything may be done. */
final class FileToken {
    private static final int LEAST = 16;

    private FileToken() {}

    /** What the file has; empty where none is named. */
    static Optional<String> of(ServerConfiguration configuration) throws IOException {
        Path file = configuration.access().writeTokenFile().orElse(null);
        if (file == null) {
            return Optional.empty();
        }
        if (!Files.isReadable(file)) {
            throw new ConfigurationRefused("access.writeTokenFile", file + " cannot be read");
        }
        String token = Files.readString(file).strip();
        if (token.length() < LEAST) {
            throw new ConfigurationRefused(
                    "access.writeTokenFile", file + " holds fewer than " + LEAST + " characters, which can be guessed");
        }
        return Optional.of(token);
    }
}
