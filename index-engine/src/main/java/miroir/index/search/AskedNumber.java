package miroir.index.search;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.value.StoredDecimal;

/**
 * A number that is searched for. Its digits say how precisely it is meant, zeros at the end included: {@code 100} is all from
 * 99.5 to just below 100.5, {@code 100.00} all from 99.995 to just below 100.005, and {@code 1e2}, of one digit, all from 50
 * to just below 150.
 *
 * @param value as it is written
 */
record AskedNumber(BigDecimal value) {
    /** What 34 digits, a point and an exponent need, with room for zeros in front. */
    private static final int MOST_LETTERS = 64;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,5})?");

    static AskedNumber parse(String text) {
        if (text.length() <= MOST_LETTERS && NUMBER.matcher(text).matches()) {
            BigDecimal value = new BigDecimal(text);
            if (StoredDecimal.fits(value)) {
                return new AskedNumber(value);
            }
        }
        throw new Refusal(
                Refusal.Reason.INVALID,
                "\"" + Refusal.shown(text)
                        + "\" is not a number; allowed are up to 34 digits such as 100, -0.50 and 5.4e-3"
                        + " (in a URL, + is written %2B)");
    }

    /** The least that it may mean. */
    BigDecimal from() {
        return value.subtract(halfOfLastDigit());
    }

    /** Above all that it may mean; not included. */
    BigDecimal to() {
        return value.add(halfOfLastDigit());
    }

    private BigDecimal halfOfLastDigit() {
        return BigDecimal.valueOf(5).scaleByPowerOfTen(-value.scale() - 1);
    }

    /** The least that is approximately this: a tenth less, or what its digits allow where that is more. */
    BigDecimal roughlyFrom() {
        return value.subtract(tenth()).min(from());
    }

    /** The greatest that is approximately this. */
    BigDecimal roughlyTo() {
        return value.add(tenth()).max(to());
    }

    private BigDecimal tenth() {
        return value.abs().scaleByPowerOfTen(-1);
    }
}
