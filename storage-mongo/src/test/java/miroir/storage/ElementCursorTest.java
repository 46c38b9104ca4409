package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

final class ElementCursorTest {
    @Test
    void next_everyType_isSteppedOver() {
        BsonDocument document = new BsonDocument();
        List<BsonValue> values = List.of(
                new BsonDouble(1.5),
                new BsonString("é"),
                new BsonDocument("a", new BsonInt32(1)),
                new BsonArray(List.of(new BsonInt32(1))),
                new BsonBinary(new byte[] {1, 2}),
                new BsonUndefined(),
                new BsonObjectId(new ObjectId()),
                BsonBoolean.TRUE,
                new BsonDateTime(1),
                BsonNull.VALUE,
                new BsonRegularExpression("a.*", "i"),
                new BsonDbPointer("a.b", new ObjectId()),
                new BsonJavaScript("x"),
                new BsonSymbol("s"),
                new BsonJavaScriptWithScope("x", new BsonDocument()),
                new BsonInt32(1),
                new BsonTimestamp(1),
                new BsonInt64(1),
                new BsonDecimal128(Decimal128.parse("1.10")),
                new BsonMinKey(),
                new BsonMaxKey());
        values.forEach(value -> document.put("n" + document.size(), value));

        List<Map.Entry<String, ?>> seen = new ArrayList<>();
        ElementCursor cursor = new ElementCursor(new RawBsonDocument(document, new BsonDocumentCodec()));
        while (cursor.next()) {
            seen.add(Map.entry(cursor.name(), cursor.type()));
        }

        assertThat(seen)
                .containsExactlyElementsOf(document.entrySet().stream()
                        .map(each -> Map.entry(each.getKey(), each.getValue().getBsonType()))
                        .toList());
    }

    @Test
    void next_emptyDocument_isFalse() {
        assertThat(new ElementCursor(RawBsonDocument.parse("{}")).next()).isFalse();
    }

    @Test
    void document_nested_sharesItsBytes() {
        ElementCursor cursor = new ElementCursor(RawBsonDocument.parse("{a: {b: 1}}"));
        cursor.next();

        assertThat(cursor.document()).isEqualTo(BsonDocument.parse("{b: 1}"));
        assertThat(cursor.document().getByteBuffer().asNIO().array()).isSameAs(cursor.array());
    }
}
