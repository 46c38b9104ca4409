package miroir.index.extract;

import java.math.BigDecimal;
import java.math.RoundingMode;
import miroir.index.path.RawValue;
import miroir.index.value.StoredDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The span of what a SampledData has measured.
 *
 * <p>Its samples are a text of the client's, so nothing has checked their numbers: adding 1 to {@code 1E1000000000} would
 * write out a thousand million digits, and reading a text of a million digits takes seconds by itself. What a decimal of
 * FHIR could not hold here (see {@link StoredDecimal}) is no sample, and sums are rounded while they are made.
 */
final class Samples {
    /** The longest that a number of 34 digits can be: sign, point and exponent such as {@code E-6176}. */
    private static final int MOST_LETTERS = 34 + 8;

    private Samples() {}

    /** From the least to the greatest sample; null where there is none. */
    static @Nullable NumberInterval interval(RawValue samples) {
        String data = samples.text("data");
        if (data == null) {
            return null;
        }
        BigDecimal least = null;
        BigDecimal greatest = null;
        for (String text : data.strip().split("\\s+", -1)) {
            BigDecimal sample = number(text);
            if (sample != null) {
                least = least == null ? sample : least.min(sample);
                greatest = greatest == null ? sample : greatest.max(sample);
            }
        }
        return least == null || greatest == null ? null : scaled(samples, least, greatest);
    }

    private static NumberInterval scaled(RawValue samples, BigDecimal least, BigDecimal greatest) {
        RawValue origin = samples.get("origin");
        BigDecimal zero = number(origin == null ? null : origin.get("value"), BigDecimal.ZERO);
        BigDecimal factor = number(samples.get("factor"), BigDecimal.ONE);
        BigDecimal one = least.multiply(factor);
        BigDecimal other = greatest.multiply(factor);
        return new NumberInterval(
                zero.add(one.min(other), StoredDecimal.digits(RoundingMode.FLOOR)),
                zero.add(one.max(other), StoredDecimal.digits(RoundingMode.CEILING)));
    }

    private static BigDecimal number(@Nullable RawValue value, BigDecimal otherwise) {
        BigDecimal number = value == null ? null : value.number();
        return number == null ? otherwise : number;
    }

    /** A sample; E (error), L (below) and U (above the limits) are none. */
    private static @Nullable BigDecimal number(String text) {
        if (text.length() > MOST_LETTERS) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return StoredDecimal.fits(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
