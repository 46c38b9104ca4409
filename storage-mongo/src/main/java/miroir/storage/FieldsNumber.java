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
 * Numbers of what is searched, as the {@code t_*} fields of a document have one: {@code x}, a 64-bit integer. Its upper half was
 * drawn when the database first had one, and the lower half counts. So what was restored from elsewhere, where other numbers were in force,
 * is known to be of none of ours, and counts as older; and so does what has another kind of value there, or none: stores of before had a hash of 32 bits.
 */
final class FieldsNumber {
    private static final BsonString LONG = new BsonString("long");
    private static final int COUNTED = 32;

    private FieldsNumber() {}

    /** Before the first number of a database. */
    static long beforeFirst(int drawn) {
        return ((long) drawn & Integer.MAX_VALUE) << COUNTED;
    }

    /** Whether it is before the first one. */
    static boolean isBeforeFirst(long number) {
        return counted(number) == 0;
    }

    /** The how manieth it is on its database, for people. */
    static int counted(long number) {
        return (int) number;
    }

    /** Whether a number is the same as another or came after it. */
    static boolean isAtLeast(long number, long other) {
        return number >= other && number < end(other);
    }

    /** After the last number of the database that this one is of. */
    private static long end(long number) {
        return ((number >> COUNTED) + 1) << COUNTED;
    }

    /** Of a document; 0 where it has none. */
    static long of(BsonDocument document) {
        BsonValue value = document.get(StoredFields.GENERATION);
        return value != null && value.isInt64() ? value.asInt64().getValue() : 0;
    }

    /** Met by documents whose fields are older than those of a number. */
    static Bson isBelow(long number) {
        return Filters.nor(Filters.and(
                Filters.gte(StoredFields.GENERATION, number),
                Filters.lt(StoredFields.GENERATION, end(number)),
                Filters.type(StoredFields.GENERATION, LONG.getValue())));
    }

    /** The same, the other way round, to be computed of a document. */
    static BsonDocument isAtLeast(long number) {
        BsonString field = new BsonString("$" + StoredFields.GENERATION);
        BsonDocument isLong = array("$eq", new BsonDocument("$type", field), LONG);
        return array("$and", isLong, isAtLeast(field, number));
    }

    /** The same of whatever is a number. */
    static BsonDocument isAtLeast(BsonValue value, long number) {
        return array(
                "$and", array("$gte", value, new BsonInt64(number)), array("$lt", value, new BsonInt64(end(number))));
    }

    private static BsonDocument array(String operator, BsonValue... values) {
        return new BsonDocument(operator, new BsonArray(List.of(values)));
    }
}
