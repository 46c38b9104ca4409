package miroir.sync.move;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The lines of a file, one at a time, none longer than a line may be; what is wrong with one is said with its number. */
final class LinesOfFile implements Closeable {
    private final Path file;
    private final int longest;
    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int at;
    private int end;
    private long number;

    LinesOfFile(Path file) throws IOException {
        this(file, VersionLineReader.MOST_BYTES);
    }

    LinesOfFile(Path file, int longest) throws IOException {
        this.file = file;
        this.longest = longest;
        InputStream raw = Files.newInputStream(file);
        try {
            this.in = new GZIPInputStream(raw, 64 << 10);
        } catch (EOFException | ZipException e) {
            raw.close();
            throw new ArchiveRefused(file.toString(), "is no gzip: " + e.getMessage());
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The next, without its end; null after the last. */
    byte @Nullable [] next() throws IOException {
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
        while (true) {
            if (at == end && !fill()) {
                if (line.size() > 0) {
                    throw refused("is broken off: it has no end");
                }
                return null;
            }
            int stop = endOfLine();
            line.write(buffer, at, stop - at);
            if (line.size() > longest) {
                throw refused("is longer than " + longest + " bytes");
            }
            at = stop;
            if (stop < end) {
                at++;
                return line.toByteArray();
            }
        }
    }

    private int endOfLine() {
        int stop = at;
        while (stop < end && buffer[stop] != '\n') {
            stop++;
        }
        return stop;
    }

    private boolean fill() throws IOException {
        try {
            end = Math.max(0, in.read(buffer));
            at = 0;
            return end > 0;
        } catch (EOFException | ZipException e) {
            throw refused("cannot be unzipped: the file is broken off or damaged (" + e.getMessage() + ")");
        }
    }

    /** What is wrong with the line that was read last. */
    ArchiveRefused refused(@Nullable String reason) {
        return new ArchiveRefused(file + ":" + number, String.valueOf(reason));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
