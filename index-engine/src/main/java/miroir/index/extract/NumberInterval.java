package miroir.index.extract;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that a written number may stand for: half a unit of its last digit to either side. Its own value is kept
 * beside, since "greater than 5" does not mean 5.4.
 *
 * @param start the least, included; null: no limit
 * @param end the limit above, not included; null: none
 * @param exact the value as written; null where the element is a range itself
 */
record NumberInterval(
        @Nullable BigDecimal start,
        @Nullable BigDecimal end,
        @Nullable BigDecimal exact) {
    private static final int DIGITS = 34;
    private static final int GREATEST_EXPONENT = 6144;
    private static final int GREATEST_POWER = GREATEST_EXPONENT - DIGITS + 1;
    private static final int MOST_DECIMALS = 6176;

    static NumberInterval of(BigDecimal value) {
        BigDecimal half = BigDecimal.valueOf(5).scaleByPowerOfTen(-value.scale() - 1);
        return new NumberInterval(value.subtract(half), value.add(half), value);
    }

    /** A quantity with a comparator such as {@code <}: everything on that side. */
    static NumberInterval of(BigDecimal value, @Nullable String comparator) {
        if (comparator == null) {
            return of(value);
        }
        return comparator.startsWith("<")
                ? new NumberInterval(null, value, null)
                : new NumberInterval(value, null, null);
    }

    /** Whether a Decimal128 holds it as it is, so that computing with it is cheap. */
    static boolean isDecimal(BigDecimal value) {
        return value.precision() <= DIGITS && value.scale() <= MOST_DECIMALS && value.scale() >= -GREATEST_POWER;
    }

    /** As many digits as are stored. */
    static MathContext digits(RoundingMode rounding) {
        return new MathContext(DIGITS, rounding);
    }

    /** Whether no number is in it, as in a Range whose low is above its high. */
    boolean isEmpty() {
        return start != null && end != null && start.compareTo(end) >= 0;
    }

    /** {@code {s, e, v}}. */
    BsonDocument toBson() {
        BsonDocument document = new BsonDocument("s", bound(start, RoundingMode.FLOOR, Decimal128.NEGATIVE_INFINITY))
                .append("e", bound(end, RoundingMode.CEILING, Decimal128.POSITIVE_INFINITY));
        return exact == null ? document : document.append("v", decimal(exact, RoundingMode.HALF_EVEN));
    }

    /** What it is sorted by from below. */
    Decimal128 low() {
        BigDecimal value = exact == null ? start : exact;
        return value == null
                ? Decimal128.NEGATIVE_INFINITY
                : decimal(value, RoundingMode.FLOOR).getValue();
    }

    /** What it is sorted by from above. */
    Decimal128 high() {
        BigDecimal value = exact == null ? end : exact;
        return value == null
                ? Decimal128.POSITIVE_INFINITY
                : decimal(value, RoundingMode.CEILING).getValue();
    }

    private static BsonValue bound(@Nullable BigDecimal value, RoundingMode rounding, Decimal128 open) {
        return value == null ? new BsonDecimal128(open) : decimal(value, rounding);
    }

    /** What is too small for a Decimal128 is rounded like any digit too many; what is too great has no limit. */
    private static BsonDecimal128 decimal(BigDecimal value, RoundingMode rounding) {
        BigDecimal rounded = value.round(digits(rounding));
        if (rounded.precision() - rounded.scale() - 1 > GREATEST_EXPONENT) {
            return new BsonDecimal128(value.signum() < 0 ? Decimal128.NEGATIVE_INFINITY : Decimal128.POSITIVE_INFINITY);
        }
        return new BsonDecimal128(
                new Decimal128(rounded.scale() > MOST_DECIMALS ? rounded.setScale(MOST_DECIMALS, rounding) : rounded));
    }
}
