package miroir.index.patch;

import java.nio.ByteBuffer;
import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonArray;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.DecoderContext;

/**
 * An object whose elements can be changed. What they hold stays bytes where it was bytes: the driver's own copies decode
 * everything below as well, which takes ten times the memory and is written back the same for all but one or two of them.
 */
final class LooseCopy {
    private static final BsonValueCodec VALUES = new BsonValueCodec();

    private LooseCopy() {}

    static BsonDocument of(BsonDocument document) {
        BsonDocument copy = new BsonDocument();
        if (document instanceof RawBsonDocument raw) {
            read(raw.getByteBuffer().asNIO(), copy);
        } else {
            copy.putAll(document);
        }
        return copy;
    }

    private static void read(ByteBuffer bytes, BsonDocument copy) {
        try (BsonBinaryReader reader = new BsonBinaryReader(bytes)) {
            reader.readStartDocument();
            while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
                copy.put(reader.readName(), value(reader, bytes));
            }
        }
    }

    private static BsonValue value(BsonBinaryReader reader, ByteBuffer bytes) {
        BsonType type = reader.getCurrentBsonType();
        if (type != BsonType.DOCUMENT && type != BsonType.ARRAY) {
            return VALUES.decode(reader, DecoderContext.builder().build());
        }
        int start = reader.getBsonInput().getPosition();
        reader.skipValue();
        int length = reader.getBsonInput().getPosition() - start;
        int from = bytes.arrayOffset() + start;
        return type == BsonType.ARRAY
                ? new RawBsonArray(bytes.array(), from, length)
                : new RawBsonDocument(bytes.array(), from, length);
    }
}
