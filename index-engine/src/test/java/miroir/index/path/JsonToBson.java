package miroir.index.path;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;

/** Makes BSON of any JSON, for tests that need no checks: also of resources that are not valid. */
public final class JsonToBson {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonToBson() {}

    /** The document, in one piece. */
    public static RawBsonDocument read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The document, in one piece. */
    public static RawBsonDocument read(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return new RawBsonDocument((BsonDocument) value(parser), new BsonDocumentCodec());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BsonValue value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new BsonString(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> BsonBoolean.valueOf(parser.getBooleanValue());
            case VALUE_NULL -> BsonNull.VALUE;
            case VALUE_NUMBER_INT ->
                parser.getText().length() > 18
                        ? new BsonDecimal128(Decimal128.parse(parser.getText()))
                        : integer(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> new BsonDecimal128(Decimal128.parse(parser.getText()));
            default -> throw new IllegalStateException("unexpected token " + parser.currentToken());
        };
    }

    private static BsonValue integer(long value) {
        return (int) value == value ? new BsonInt32((int) value) : new BsonInt64(value);
    }

    private static BsonDocument object(JsonParser parser) throws IOException {
        BsonDocument document = new BsonDocument();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            document.append(name, value(parser));
        }
        return document;
    }

    private static BsonArray array(JsonParser parser) throws IOException {
        BsonArray array = new BsonArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }
}
