package miroir.sync.move;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import miroir.index.json.Utf8Buffer;
import miroir.storage.MovedVersion;
import miroir.sync.move.Manifest.Kind;
import miroir.sync.move.Manifest.OfFile;
import org.jspecify.annotations.Nullable;

/** Writes versions of a type into as many files as they need, of which the next begins with another resource; none where there are none. */
final class WriteLines implements Closeable {
    private final ArchiveFolder folder;
    private final String type;
    private final Kind kind;
    private final long textOfFile;
    private final List<OfFile> written;
    private final Utf8Buffer line = new Utf8Buffer(16 << 10);
    private @Nullable ArchiveFile file;
    private String id = "";
    private int number;
    private long lines;

    /**
     * Writes them.
     *
     * @param written takes each file that is whole
     */
    WriteLines(ArchiveFolder folder, String type, Kind kind, long textOfFile, List<OfFile> written) {
        this.folder = folder;
        this.type = type;
        this.kind = kind;
        this.textOfFile = textOfFile;
        this.written = written;
    }

    /** Adds one; a disk that is full is the failure of whoever reads them. */
    void add(MovedVersion version) {
        try {
            ArchiveFile open = file;
            if (open != null && open.text() >= textOfFile && !version.id().equals(id)) {
                end();
                open = null;
            }
            if (open == null) {
                open = new ArchiveFile(folder, name(), kind, type);
                file = open;
            }
            line.clear();
            VersionLine.write(version, line);
            open.add(line);
            id = version.id();
            lines++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name() {
        number++;
        return kind == Kind.ERASED
                ? type + "-erased.ndjson.gz"
                : String.format(Locale.ROOT, "%s-%04d.ndjson.gz", type, number);
    }

    /** Ends the file that is open. */
    void end() throws IOException {
        ArchiveFile open = file;
        if (open != null) {
            written.add(open.end());
            file = null;
        }
    }

    long lines() {
        return lines;
    }

    @Override
    public void close() throws IOException {
        ArchiveFile open = file;
        if (open != null) {
            open.close();
        }
    }
}
