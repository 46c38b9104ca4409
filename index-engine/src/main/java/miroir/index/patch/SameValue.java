package miroir.index.patch;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNumber;
import org.bson.BsonValue;

/** Equality as a JSON Patch tests it: numbers by what they amount to, objects in any order. */
final class SameValue {
    private SameValue() {}

    static boolean of(BsonValue one, BsonValue other) {
        if (one instanceof BsonNumber number) {
            return other instanceof BsonNumber second && amount(number).compareTo(amount(second)) == 0;
        }
        if (one instanceof BsonDocument document) {
            return other instanceof BsonDocument second && ofObjects(document, second);
        }
        if (one instanceof BsonArray array) {
            return other instanceof BsonArray second && ofArrays(array, second);
        }
        return one.equals(other);
    }

    /** By way of its text: the number that is minus zero has no other. */
    private static BigDecimal amount(BsonNumber number) {
        return new BigDecimal(number.decimal128Value().toString());
    }

    private static boolean ofObjects(BsonDocument one, BsonDocument other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (Map.Entry<String, BsonValue> element : one.entrySet()) {
            BsonValue second = other.get(element.getKey());
            if (second == null || !of(element.getValue(), second)) {
                return false;
            }
        }
        return true;
    }

    /** In step: what is bytes still is searched from its start for every element that is asked for by its index. */
    private static boolean ofArrays(BsonArray one, BsonArray other) {
        Iterator<BsonValue> second = other.iterator();
        for (BsonValue element : one) {
            if (!second.hasNext() || !of(element, second.next())) {
                return false;
            }
        }
        return !second.hasNext();
    }
}
