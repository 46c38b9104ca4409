package miroir.server.paging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery.During;
import org.jspecify.annotations.Nullable;

/** The token of a history as bytes: some 100, with nothing in them that a deflater would shorten. */
final class HistoryTokenBytes {
    private HistoryTokenBytes() {}

    static byte[] write(HistoryToken token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        DataOutputStream data = new DataOutputStream(bytes);
        During at = token.at();
        try {
            data.writeLong(token.first().toEpochMilli());
            data.writeUTF(token.path());
            writeIfGiven(data, token.since());
            writeIfGiven(data, at == null ? null : at.start());
            writeIfGiven(data, at == null ? null : at.end());
            data.writeInt(token.count());
            data.writeUTF(token.parts());
            data.writeLong(token.until().toEpochMilli());
            data.writeLong(token.after().from().toEpochMilli());
            data.writeUTF(token.after().type());
            data.writeUTF(token.after().id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static HistoryToken read(byte[] bytes) {
        DataInputStream data = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            Instant first = readInstant(data);
            String path = data.readUTF();
            Instant since = readIfGiven(data);
            Instant start = readIfGiven(data);
            Instant end = readIfGiven(data);
            During at = start == null || end == null ? null : new During(start, end);
            int count = data.readInt();
            String parts = data.readUTF();
            Instant until = readInstant(data);
            HistoryPosition after = new HistoryPosition(readInstant(data), data.readUTF(), data.readUTF());
            return new HistoryToken(first, path, since, at, count, parts, until, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeIfGiven(DataOutputStream data, @Nullable Instant instant) throws IOException {
        data.writeBoolean(instant != null);
        if (instant != null) {
            data.writeLong(instant.toEpochMilli());
        }
    }

    private static @Nullable Instant readIfGiven(DataInputStream data) throws IOException {
        return data.readBoolean() ? readInstant(data) : null;
    }

    private static Instant readInstant(DataInputStream data) throws IOException {
        return Instant.ofEpochMilli(data.readLong());
    }
}
