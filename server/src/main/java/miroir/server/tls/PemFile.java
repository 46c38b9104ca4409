package miroir.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import miroir.index.yaml.ConfigurationRefused;
import org.jspecify.annotations.Nullable;

/**
 * What stood in a file at one look.
 *
 * @param text null where it cannot be read
 * @param fault why it cannot; empty where it can
 */
record PemFile(Path path, @Nullable String text, String fault) {
    /** A chain of ten certificates has a fiftieth of it. */
    private static final int LARGEST = 1 << 20;

    static PemFile look(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return unreadable(path, attributes.isDirectory() ? "it is a folder" : "it is no regular file");
            }
            return read(path);
        } catch (NoSuchFileException e) {
            return unreadable(path, "there is no such file");
        } catch (AccessDeniedException e) {
            return unreadable(path, "permission denied");
        } catch (IOException e) {
            return unreadable(path, e.toString());
        }
    }

    /** The text; throws where there is none. */
    String required() {
        if (text == null) {
            throw new ConfigurationRefused(
                    path.toString(), "cannot be read: " + fault + " (listen.tls in server.yaml)");
        }
        return text;
    }

    /** Tells two looks apart, so that no key has to be kept for that. */
    String fingerprint() {
        try {
            byte[] content = (fault + '\n' + text).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether everybody on this machine can read it, as far as the file system says such things. */
    static boolean isOpenToAll(Path path) {
        try {
            return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static PemFile read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            return content.length > LARGEST
                    ? unreadable(path, "it has more than 1 MB")
                    : new PemFile(path, new String(content, StandardCharsets.ISO_8859_1), "");
        }
    }

    private static PemFile unreadable(Path path, String why) {
        return new PemFile(path, null, why);
    }

    /** Nothing of a key belongs into a log. */
    @Override
    public String toString() {
        return path.toString();
    }
}
