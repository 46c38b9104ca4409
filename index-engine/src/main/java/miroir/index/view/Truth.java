package miroir.index.view;

import org.jspecify.annotations.Nullable;

/** A compiled expression that is true or false; null where FHIRPath says neither, since there is nothing to ask it of. */
@FunctionalInterface
interface Truth {
    @Nullable
    Boolean test(Value focus, int rowIndex);

    /** Whether it is true, and not merely not false. */
    default boolean holds(Value focus, int rowIndex) {
        return Boolean.TRUE.equals(test(focus, rowIndex));
    }

    static Truth and(Truth left, Truth right) {
        return (focus, rowIndex) -> {
            Boolean first = left.test(focus, rowIndex);
            if (Boolean.FALSE.equals(first)) {
                return false;
            }
            Boolean second = right.test(focus, rowIndex);
            boolean isKnown = first != null || Boolean.FALSE.equals(second);
            return isKnown ? second : null;
        };
    }

    static Truth or(Truth left, Truth right) {
        return (focus, rowIndex) -> {
            Boolean first = left.test(focus, rowIndex);
            if (Boolean.TRUE.equals(first)) {
                return true;
            }
            Boolean second = right.test(focus, rowIndex);
            boolean isKnown = first != null || Boolean.TRUE.equals(second);
            return isKnown ? second : null;
        };
    }

    static Truth not(Truth operand) {
        return (focus, rowIndex) -> {
            Boolean truth = operand.test(focus, rowIndex);
            return truth == null ? null : !truth;
        };
    }
}
