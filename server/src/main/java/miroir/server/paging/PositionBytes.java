package miroir.server.paging;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import miroir.index.store.PagePosition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** A place in an order as bytes: its number, and its keys as BSON, since they are values of the database. */
final class PositionBytes {
    private static final String KEYS = "k";
    private static final byte NOWHERE = 0;
    private static final byte WITHOUT_KEYS = 1;
    private static final byte WITH_KEYS = 2;

    private PositionBytes() {}

    static void write(DataOutputStream data, @Nullable PagePosition position) throws IOException {
        if (position == null) {
            data.writeByte(NOWHERE);
            return;
        }
        data.writeByte(position.keys().isEmpty() ? WITHOUT_KEYS : WITH_KEYS);
        data.writeLong(position.position());
        if (!position.keys().isEmpty()) {
            RawBsonDocument keys = new RawBsonDocument(
                    new BsonDocument(KEYS, new BsonArray(position.keys())), new BsonDocumentCodec());
            ByteBuffer bytes = keys.getByteBuffer().asNIO();
            data.writeInt(bytes.remaining());
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            data.write(copy);
        }
    }

    static @Nullable PagePosition read(DataInputStream data) throws IOException {
        byte kind = data.readByte();
        if (kind == NOWHERE) {
            return null;
        }
        long position = data.readLong();
        return new PagePosition(kind == WITH_KEYS ? readKeys(data) : List.of(), position);
    }

    private static List<org.bson.BsonValue> readKeys(DataInputStream data) throws IOException {
        return List.copyOf(new RawBsonDocument(data.readNBytes(data.readInt())).getArray(KEYS));
    }
}
