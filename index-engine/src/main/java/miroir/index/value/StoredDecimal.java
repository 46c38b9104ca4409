package miroir.index.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.bson.BsonDecimal128;
import org.bson.types.Decimal128;

/** Numbers as the database holds them: 34 digits and an exponent, beyond which there is only infinity. */
public final class StoredDecimal {
    private static final int DIGITS = 34;
    private static final int GREATEST_EXPONENT = 6144;
    private static final int GREATEST_POWER = GREATEST_EXPONENT - DIGITS + 1;
    private static final int MOST_DECIMALS = 6176;

    /** Smaller than any difference between two of them. */
    private static final BigDecimal NEXT_TO_NOTHING = BigDecimal.ONE.scaleByPowerOfTen(-2 * MOST_DECIMALS);

    private StoredDecimal() {}

    /** Whether the database holds it as it is, so that computing with it is cheap. */
    public static boolean fits(BigDecimal value) {
        return value.precision() <= DIGITS && value.scale() <= MOST_DECIMALS && value.scale() >= -GREATEST_POWER;
    }

    /** As many digits as are stored. */
    public static MathContext digits(RoundingMode rounding) {
        return new MathContext(DIGITS, rounding);
    }

    /** The least that is stored above a value. */
    public static BigDecimal above(BigDecimal value) {
        return decimals(value.add(NEXT_TO_NOTHING, digits(RoundingMode.CEILING)), RoundingMode.CEILING);
    }

    /** The greatest that is stored below a value. */
    public static BigDecimal below(BigDecimal value) {
        return decimals(value.subtract(NEXT_TO_NOTHING, digits(RoundingMode.FLOOR)), RoundingMode.FLOOR);
    }

    /** What is too small is rounded like any digit too many; what is too great has no limit. */
    public static BsonDecimal128 of(BigDecimal value, RoundingMode rounding) {
        BigDecimal rounded = value.round(digits(rounding));
        if (rounded.precision() - rounded.scale() - 1 > GREATEST_EXPONENT) {
            return new BsonDecimal128(value.signum() < 0 ? Decimal128.NEGATIVE_INFINITY : Decimal128.POSITIVE_INFINITY);
        }
        return new BsonDecimal128(new Decimal128(decimals(rounded, rounding)));
    }

    private static BigDecimal decimals(BigDecimal value, RoundingMode rounding) {
        return value.scale() > MOST_DECIMALS ? value.setScale(MOST_DECIMALS, rounding) : value;
    }
}
