package miroir.sync.move;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPOutputStream;
import miroir.index.json.Utf8Buffer;
import miroir.sync.move.Manifest.Kind;
import miroir.sync.move.Manifest.OfFile;
import org.jspecify.annotations.Nullable;

/** A file of lines that is being written, and then known by its sum. */
final class ArchiveFile implements Closeable {
    private final ArchiveFolder folder;
    private final String name;
    private final Kind kind;
    private final @Nullable String type;
    private final FileChannel channel;
    private final MessageDigest digest = Digests.begin();
    private final OutputStream out;
    private long lines;
    private long text;

    /** Half as large as without, at a third of the time that the usual level takes. */
    private static final class QuickGzip extends GZIPOutputStream {
        QuickGzip(OutputStream to) throws IOException {
            super(to, 64 << 10);
            def.setLevel(2);
        }
    }

    ArchiveFile(ArchiveFolder folder, String name, Kind kind, @Nullable String type) throws IOException {
        this.folder = folder;
        this.name = name;
        this.kind = kind;
        this.type = type;
        this.channel = folder.begin(name);
        this.out = new QuickGzip(
                new DigestOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 64 << 10), digest));
    }

    /** Adds a line, with its end. */
    void add(Utf8Buffer line) throws IOException {
        line.writeTo(out);
        lines++;
        text += line.size();
    }

    /** How many bytes of text it has. */
    long text() {
        return text;
    }

    /** Ends it, and gives it its name. */
    OfFile end() throws IOException {
        ((GZIPOutputStream) out).finish();
        out.flush();
        channel.force(true);
        long bytes = channel.size();
        close();
        folder.end(name);
        return new OfFile(name, kind, type, lines, bytes, Digests.text(digest));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
