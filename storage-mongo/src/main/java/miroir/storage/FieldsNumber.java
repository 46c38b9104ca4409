package miroir.storage;

import com.mongodb.client.model.Filters;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * Which number of what is searched the {@code t_*} fields of a document are of: {@code x}, a 64-bit integer. What has another kind of
 * value there, or none, is older than every number: stores of before had a hash of 32 bits.
 */
final class FieldsNumber {
    private static final BsonString LONG = new BsonString("long");

    private FieldsNumber() {}

    /** Of a document; 0 where it is older than every number. */
    static long of(BsonDocument document) {
        BsonValue value = document.get(StoredFields.GENERATION);
        return value != null && value.isInt64() ? value.asInt64().getValue() : 0;
    }

    /** Met by documents whose fields are older than those of a number. */
    static Bson isBelow(long number) {
        return Filters.nor(Filters.and(
                Filters.gte(StoredFields.GENERATION, number), Filters.type(StoredFields.GENERATION, LONG.getValue())));
    }

    /** The same, the other way round, to be computed of a document. */
    static BsonDocument isAtLeast(long number) {
        String field = "$" + StoredFields.GENERATION;
        BsonDocument isLong = equal(new BsonDocument("$type", new BsonString(field)), LONG);
        BsonDocument isGreater =
                new BsonDocument("$gte", new BsonArray(List.of(new BsonString(field), new BsonInt64(number))));
        return new BsonDocument("$and", new BsonArray(List.of(isLong, isGreater)));
    }

    private static BsonDocument equal(BsonValue one, BsonValue other) {
        return new BsonDocument("$eq", new BsonArray(List.of(one, other)));
    }
}
