package miroir.index.extract;

import java.math.BigDecimal;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/** The span of what a SampledData has measured. */
final class Samples {
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
        BigDecimal one = zero.add(least.multiply(factor));
        BigDecimal other = zero.add(greatest.multiply(factor));
        return new NumberInterval(one.min(other), one.max(other), null);
    }

    private static BigDecimal number(@Nullable RawValue value, BigDecimal otherwise) {
        BigDecimal number = value == null ? null : value.number();
        return number == null ? otherwise : number;
    }

    /** A sample; E (error), L (below) and U (above the limits) are none. */
    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
