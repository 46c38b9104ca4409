package miroir.index.view;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code + - * /} of two numbers, or {@code +} of two texts; nothing where one of them is missing, where it divides by zero, or where what comes of it is too large. Numbers are as precise as
 * FHIR's are stored, 34 digits, so that no expression makes one that is larger than what it is made from.
 */
record Calculation(Path left, String operator, Path right) implements Path {
    /** That of the smallest Decimal128. */
    private static final int LARGEST_SCALE = 6176;

    @Override
    public boolean each(Value focus, int rowIndex, Taker taker) {
        Value first = OnlyValue.of(left, focus, rowIndex, "a side of " + operator);
        Value second = first == null ? null : OnlyValue.of(right, focus, rowIndex, "a side of " + operator);
        Value result = first == null || second == null ? null : of(first, second);
        return result == null || taker.take(result);
    }

    /** What comes of it. */
    static Set<String> types(Typed left, Typed right, String operator) {
        if (left.isOnly(Kind.TEXT) && !left.types().isEmpty()) {
            return Set.of("string");
        }
        boolean isWhole = !left.types().contains("decimal") && !right.types().contains("decimal");
        return Set.of(isWhole && !operator.equals("/") ? "integer" : "decimal");
    }

    private @Nullable Value of(Value first, Value second) {
        BigDecimal one = first.number();
        BigDecimal other = second.number();
        if (one == null || other == null) {
            String start = first.text();
            String end = second.text();
            return start == null || end == null ? null : Value.of("string", ComputedText.of(start, end));
        }
        BigDecimal result = storable(of(one, other));
        boolean isWhole = !first.type().equals("decimal") && !second.type().equals("decimal") && !operator.equals("/");
        return result == null ? null : Value.of(isWhole ? "integer" : "decimal", result);
    }

    /** Null where it has an exponent that no number of FHIR has here. */
    private static @Nullable BigDecimal storable(@Nullable BigDecimal number) {
        return number == null || Math.abs((long) number.scale()) > LARGEST_SCALE ? null : number;
    }

    private @Nullable BigDecimal of(BigDecimal one, BigDecimal other) {
        return switch (operator) {
            case "+" -> one.add(other, MathContext.DECIMAL128);
            case "-" -> one.subtract(other, MathContext.DECIMAL128);
            case "*" -> one.multiply(other, MathContext.DECIMAL128);
            default -> other.signum() == 0 ? null : one.divide(other, MathContext.DECIMAL128);
        };
    }
}
