package miroir.index.extract;

import java.math.BigDecimal;
import java.math.RoundingMode;
import miroir.index.value.StoredDecimal;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * What a stored number may be, both ends included: itself, unless the element is a range. How many digits it was written
 * with does not matter here; those of the number that is searched for do (docs/adr/0013-numbers-as-they-are.md).
 *
 * @param start the least; null: no limit
 * @param end the greatest; null: no limit
 */
record NumberInterval(@Nullable BigDecimal start, @Nullable BigDecimal end) {

    static NumberInterval of(BigDecimal value) {
        return new NumberInterval(value, value);
    }

    /** A quantity with a comparator such as {@code <}: everything on that side. */
    static NumberInterval of(BigDecimal value, @Nullable String comparator) {
        return switch (comparator == null ? "" : comparator) {
            case "<" -> new NumberInterval(null, StoredDecimal.below(value));
            case "<=" -> new NumberInterval(null, value);
            case ">=" -> new NumberInterval(value, null);
            case ">" -> new NumberInterval(StoredDecimal.above(value), null);
            default -> of(value);
        };
    }

    /** Whether no number is in it, as in a Range whose low is above its high. */
    boolean isEmpty() {
        return start != null && end != null && start.compareTo(end) > 0;
    }

    /** {@code {s, e}}. */
    BsonDocument toBson() {
        return new BsonDocument("s", new BsonDecimal128(low())).append("e", new BsonDecimal128(high()));
    }

    Decimal128 low() {
        return start == null
                ? Decimal128.NEGATIVE_INFINITY
                : StoredDecimal.of(start, RoundingMode.FLOOR).getValue();
    }

    Decimal128 high() {
        return end == null
                ? Decimal128.POSITIVE_INFINITY
                : StoredDecimal.of(end, RoundingMode.CEILING).getValue();
    }
}
