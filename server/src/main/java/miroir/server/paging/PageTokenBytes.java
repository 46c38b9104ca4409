package miroir.server.paging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import miroir.index.search.QueryParameter;
import miroir.index.store.PagePosition;
import miroir.index.store.Total;
import org.jspecify.annotations.Nullable;

/**
 * A token as bytes. Short ones, which is nearly all, are left as they are: a deflater costs more than it
 * saves below a few hundred bytes.
 */
final class PageTokenBytes {
    private static final int WORTH_COMPRESSING = 300;
    /** How far was counted, in links of before estimates: nobody was told. */
    private static final int COUNTED_SO_FAR = 2;

    private static final int ESTIMATED = 3;
    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;

    private PageTokenBytes() {}

    static byte[] write(PageToken token) {
        try {
            byte[] plain = plain(token);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length + 1);
            bytes.write(plain.length < WORTH_COMPRESSING ? PLAIN : DEFLATED);
            if (plain.length < WORTH_COMPRESSING) {
                bytes.write(plain);
            } else {
                try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
                    deflater.write(plain);
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PageToken read(byte[] bytes) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try (DataInputStream data = new DataInputStream(in.read() == DEFLATED ? new InflaterInputStream(in) : in)) {
            return readToken(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] plain(PageToken token) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeInt(token.meaning());
        data.writeLong(token.first().toEpochMilli());
        data.writeLong(token.asOf().toEpochMilli());
        data.writeBoolean(token.backward());
        PositionBytes.write(data, token.from());
        writeTotal(data, token.total());
        writeText(data, token.type());
        writeText(data, token.base());
        data.writeInt(token.query().size());
        for (QueryParameter parameter : token.query()) {
            writeText(data, parameter.name());
            writeText(data, parameter.value());
        }
        return bytes.toByteArray();
    }

    private static PageToken readToken(DataInputStream data) throws IOException {
        int meaning = data.readInt();
        Instant first = Instant.ofEpochMilli(data.readLong());
        Instant asOf = Instant.ofEpochMilli(data.readLong());
        boolean backward = data.readBoolean();
        PagePosition from = PositionBytes.read(data);
        Total total = readTotal(data);
        String type = readText(data);
        String base = readText(data);
        int parameters = data.readInt();
        List<QueryParameter> query = new ArrayList<>(parameters);
        for (int i = 0; i < parameters; i++) {
            query.add(new QueryParameter(readText(data), readText(data)));
        }
        return new PageToken(type, base, query, from, backward, total, first, asOf, meaning);
    }

    private static void writeTotal(DataOutputStream data, @Nullable Total total) throws IOException {
        data.writeByte(total == null ? 0 : total.exact() ? 1 : ESTIMATED);
        if (total != null) {
            data.writeLong(total.matches());
        }
    }

    private static @Nullable Total readTotal(DataInputStream data) throws IOException {
        int kind = data.readByte();
        if (kind == 0) {
            return null;
        }
        long matches = data.readLong();
        return kind == COUNTED_SO_FAR ? null : new Total(matches, kind != ESTIMATED);
    }

    private static void writeText(DataOutputStream data, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(utf8.length);
        data.write(utf8);
    }

    private static String readText(DataInputStream data) throws IOException {
        return new String(data.readNBytes(data.readInt()), StandardCharsets.UTF_8);
    }
}
