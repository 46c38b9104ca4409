package miroir.validation;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import miroir.index.yaml.ConfigurationRefused;

/**
 * A package: a tar file within gzip. Of each file in it only the content matters, since a definition says itself what it is; so names,
 * of which tar has several forms, are not read.
 */
final class PackageFile {
    private static final int BLOCK = 512;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int KIND_AT = 156;
    private static final long LARGEST = 64L << 20;

    private PackageFile() {}

    /** Hands over what looks like JSON, file by file. */
    static void read(Path file, Consumer<byte[]> json) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] header = in.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0) {
                long size = size(header);
                byte[] content = in.readNBytes((int) size);
                if (content.length < size) {
                    throw new EOFException("it ends within a file");
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                if (isFile(header[KIND_AT]) && content.length > 0 && content[0] == '{') {
                    json.accept(content);
                }
                header = in.readNBytes(BLOCK);
            }
        } catch (IOException | NumberFormatException e) {
            throw new ConfigurationRefused(
                    "validation.packages", file + " cannot be read as a package (.tgz): " + e.getMessage());
        }
    }

    private static long size(byte[] header) throws IOException {
        String octal = new String(header, SIZE_AT, SIZE_LENGTH, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
        long size = octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
        if (size < 0 || size > LARGEST) {
            throw new IOException("a file in it has " + size + " bytes; at most " + LARGEST + " are read");
        }
        return size;
    }

    private static boolean isFile(byte kind) {
        return kind == '0' || kind == 0;
    }
}
