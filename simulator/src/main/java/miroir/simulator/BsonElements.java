package miroir.simulator;

import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;

/** Elements as BSON. */
final class BsonElements implements ElementWriter {
    private final BasicOutputBuffer buffer = new BasicOutputBuffer(4096);
    private final BsonBinaryWriter writer = new BsonBinaryWriter(buffer);

    RawBsonDocument document() {
        writer.flush();
        return new RawBsonDocument(buffer.toByteArray());
    }

    @Override
    public void startObject() {
        writer.writeStartDocument();
    }

    @Override
    public void startObject(String name) {
        writer.writeStartDocument(name);
    }

    @Override
    public void endObject() {
        writer.writeEndDocument();
    }

    @Override
    public void startArray(String name) {
        writer.writeStartArray(name);
    }

    @Override
    public void endArray() {
        writer.writeEndArray();
    }

    @Override
    public void text(String name, String value) {
        writer.writeString(name, value);
    }

    @Override
    public void text(String value) {
        writer.writeString(value);
    }

    @Override
    public void bool(String name, boolean value) {
        writer.writeBoolean(name, value);
    }

    @Override
    public void number(String name, int value) {
        writer.writeInt32(name, value);
    }

    @Override
    public void nothing() {
        writer.writeNull();
    }
}
