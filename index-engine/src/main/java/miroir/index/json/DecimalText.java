package miroir.index.json;

import java.math.BigInteger;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * Decimals between JSON text and Decimal128, with their scale: {@code 1.10} is not {@code 1.1} in FHIR.
 *
 * <p>A Decimal128 is a sign, a coefficient of up to 34 digits and a power of ten, so every decimal that fits has its
 * scale kept by nature. Its own text form is of no use here: it turns to exponent notation below 0.000001, where FHIR
 * clients expect the digits that they sent. A positive exponent stays one, since {@code 1E+3} written as {@code 1000}
 * would claim three more significant digits.
 */
public final class DecimalText {
    private static final int BIAS = 6176;
    private static final int LARGEST_EXPONENT = 6111;
    private static final int MOST_DIGITS = 34;
    /** Beyond so many places, zeros after the point are written as an exponent: no measure has that many. */
    private static final int MOST_PLACES = 60;

    private static final long NOT_A_NUMBER = 0x6000000000000000L;
    private static final long HIGH_COEFFICIENT = (1L << 49) - 1;

    private DecimalText() {}

    /** The decimal that this JSON number denotes, or null where Decimal128 cannot hold it exactly. */
    public static @Nullable Decimal128 parse(String number) {
        int exponentAt = endOfMantissa(number);
        long exponent = exponentAt == number.length() ? 0 : exponentOf(number.substring(exponentAt + 1));
        boolean negative = number.charAt(0) == '-';
        String mantissa = number.substring(negative ? 1 : 0, exponentAt);
        int point = mantissa.indexOf('.');
        if (point >= 0) {
            exponent -= mantissa.length() - point - 1;
            mantissa = mantissa.substring(0, point) + mantissa.substring(point + 1);
        }
        BigInteger coefficient = coefficient(mantissa);
        if (coefficient == null || exponent < -BIAS || exponent > LARGEST_EXPONENT) {
            return null;
        }
        long high = coefficient.shiftRight(64).longValue() | ((exponent + BIAS) << 49);
        return Decimal128.fromIEEE754BIDEncoding(negative ? high | Long.MIN_VALUE : high, coefficient.longValue());
    }

    private static int endOfMantissa(String number) {
        int at = Math.max(number.indexOf('e'), number.indexOf('E'));
        return at < 0 ? number.length() : at;
    }

    /** An exponent too long for an int is far outside of the range anyhow. */
    private static long exponentOf(String digits) {
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private static @Nullable BigInteger coefficient(String digits) {
        int from = 0;
        while (from < digits.length() - 1 && digits.charAt(from) == '0') {
            from++;
        }
        int length = digits.length() - from;
        if (length > MOST_DIGITS) {
            return null;
        }
        return length <= 18
                ? BigInteger.valueOf(Long.parseLong(digits, from, digits.length(), 10))
                : new BigInteger(digits.substring(from));
    }

    /** Writes the decimal whose two halves these are. */
    static void put(Utf8Buffer out, long high, long low) {
        if ((high & NOT_A_NUMBER) == NOT_A_NUMBER) {
            throw new IllegalArgumentException(
                    "JSON has no form for the Decimal128 " + Decimal128.fromIEEE754BIDEncoding(high, low));
        }
        if (high < 0) {
            out.putByte('-');
        }
        String digits = digits(high & HIGH_COEFFICIENT, low);
        int exponent = (int) ((high >>> 49) & 0x3fff) - BIAS;
        if (exponent == 0) {
            out.putAscii(digits);
        } else if (exponent > 0 || -exponent > MOST_PLACES) {
            putScientific(out, digits, exponent);
        } else {
            putPlain(out, digits, -exponent);
        }
    }

    private static void putScientific(Utf8Buffer out, String digits, int exponent) {
        out.putByte(digits.charAt(0));
        if (digits.length() > 1) {
            out.putByte('.');
            out.putAscii(digits.substring(1));
        }
        int adjusted = exponent + digits.length() - 1;
        out.putAscii(adjusted > 0 ? "E+" : "E");
        out.putLong(adjusted);
    }

    private static void putPlain(Utf8Buffer out, String digits, int places) {
        int whole = digits.length() - places;
        if (whole > 0) {
            out.putAscii(digits.substring(0, whole));
        } else {
            out.putByte('0');
        }
        out.putByte('.');
        for (int i = whole; i < 0; i++) {
            out.putByte('0');
        }
        out.putAscii(whole > 0 ? digits.substring(whole) : digits);
    }

    private static String digits(long high, long low) {
        if (high == 0 && low >= 0) {
            return Long.toString(low);
        }
        return BigInteger.valueOf(high)
                .shiftLeft(64)
                .or(new BigInteger(Long.toUnsignedString(low)))
                .toString();
    }
}
