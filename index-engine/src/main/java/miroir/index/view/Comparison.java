package miroir.index.view;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of what two paths give. Equality is one of collections: all that is on the left with all that is on the right, in order; an order is one of two
 * values. Where one side gives nothing there is no outcome.
 */
record Comparison(Path left, String operator, Path right, String what) implements Truth {

    @Override
    public @Nullable Boolean test(Value focus, int rowIndex) {
        boolean isEquality = operator.equals("=") || operator.equals("!=");
        return isEquality ? equality(focus, rowIndex) : order(focus, rowIndex);
    }

    private @Nullable Boolean order(Value focus, int rowIndex) {
        Value first = OnlyValue.of(left, focus, rowIndex, what);
        Value second = first == null ? null : OnlyValue.of(right, focus, rowIndex, what);
        Integer order = first == null || second == null ? null : compare(first, second);
        if (order == null) {
            return null;
        }
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private @Nullable Boolean equality(Value focus, int rowIndex) {
        List<Value> first = all(left, focus, rowIndex);
        List<Value> second = first.isEmpty() ? first : all(right, focus, rowIndex);
        Boolean equal = second.isEmpty() ? null : areEqual(first, second);
        return equal == null ? null : Boolean.valueOf(operator.equals("=") ? equal : !equal);
    }

    private static List<Value> all(Path path, Value focus, int rowIndex) {
        List<Value> all = new ArrayList<>(1);
        path.each(focus, rowIndex, all::add);
        return all;
    }

    private static @Nullable Boolean areEqual(List<Value> first, List<Value> second) {
        if (first.size() != second.size()) {
            return false;
        }
        boolean isKnown = true;
        for (int i = 0; i < first.size(); i++) {
            Boolean equal = areEqual(first.get(i), second.get(i));
            if (Boolean.FALSE.equals(equal)) {
                return false;
            }
            isKnown &= equal != null;
        }
        return isKnown ? true : null;
    }

    private static @Nullable Boolean areEqual(Value first, Value second) {
        if (Kind.of(first.type()) != Kind.of(second.type())) {
            return false;
        }
        Integer order = compare(first, second);
        return order == null ? null : order == 0;
    }

    /** Null where nothing is known of it, or where they are of different kinds. */
    private static @Nullable Integer compare(Value first, Value second) {
        Kind kind = Kind.of(first.type());
        Object one = first.simple();
        Object other = second.simple();
        if (kind != Kind.of(second.type()) || one == null || other == null) {
            return null;
        }
        if (one instanceof BigDecimal number && other instanceof BigDecimal otherNumber) {
            return number.compareTo(otherNumber);
        }
        if (one instanceof Boolean truth && other instanceof Boolean otherTruth) {
            return truth.compareTo(otherTruth);
        }
        return switch (kind) {
            case MOMENT -> Moments.compare(one.toString(), other.toString());
            case TIME -> Moments.compareTimes(one.toString(), other.toString());
            default -> one.toString().compareTo(other.toString());
        };
    }
}
