package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What a test of an interval {@code {s, e}} says about its two ends, so that an index on them can be used.
 *
 * <p>Tests are written as FHIR means them: {@code le} is "starts before, or ends by". An index needs one range per end. No
 * interval ends before it starts, so a lower bound on the start is one on the end as well, and an upper bound on the end one
 * on the start; of several alternatives the weakest bound holds, and none where one alternative has none. The result finds
 * too much rather than too little: the test itself is applied to what it finds.
 */
record IntervalBounds(
        Condition.@Nullable Bound startLow,
        Condition.@Nullable Bound startHigh,
        Condition.@Nullable Bound endLow,
        Condition.@Nullable Bound endHigh) {
    static final String START = "s";
    static final String END = "e";
    private static final IntervalBounds NONE = new IntervalBounds(null, null, null, null);

    static IntervalBounds of(Condition test) {
        if (test instanceof Condition.And and) {
            return and.parts().stream().map(IntervalBounds::of).reduce(NONE, IntervalBounds::and);
        }
        if (test instanceof Condition.Or or) {
            return or.parts().stream()
                    .map(IntervalBounds::of)
                    .reduce(IntervalBounds::or)
                    .orElse(NONE);
        }
        if (test instanceof Condition.Range range) {
            return range.bounds().stream()
                    .map(bound -> of(range.field(), bound))
                    .reduce(NONE, IntervalBounds::and);
        }
        return NONE;
    }

    boolean boundStart() {
        return startLow != null || startHigh != null;
    }

    boolean boundEnd() {
        return endLow != null || endHigh != null;
    }

    /** As a condition on an element, for the index on both ends. */
    Condition onBoth() {
        return new Condition.And(List.of(range(START, startLow, startHigh), range(END, endLow, endHigh)));
    }

    /** As a condition on an element, for the index on the end alone. */
    Condition onEnd() {
        return range(END, endLow, endHigh);
    }

    private static IntervalBounds of(String field, Condition.Bound bound) {
        boolean upper = isUpper(bound);
        return switch (field) {
            case START ->
                upper ? new IntervalBounds(null, bound, null, null) : new IntervalBounds(bound, null, bound, null);
            case END ->
                upper ? new IntervalBounds(null, bound, null, bound) : new IntervalBounds(null, null, bound, null);
            default -> NONE;
        };
    }

    private IntervalBounds and(IntervalBounds other) {
        return new IntervalBounds(
                strongest(startLow, other.startLow),
                strongest(startHigh, other.startHigh),
                strongest(endLow, other.endLow),
                strongest(endHigh, other.endHigh));
    }

    private IntervalBounds or(IntervalBounds other) {
        return new IntervalBounds(
                weakest(startLow, other.startLow),
                weakest(startHigh, other.startHigh),
                weakest(endLow, other.endLow),
                weakest(endHigh, other.endHigh));
    }

    private static Condition.@Nullable Bound strongest(Condition.@Nullable Bound one, Condition.@Nullable Bound other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return isWeaker(one, other) ? other : one;
    }

    private static Condition.@Nullable Bound weakest(Condition.@Nullable Bound one, Condition.@Nullable Bound other) {
        if (one == null || other == null) {
            return null;
        }
        return isWeaker(one, other) ? one : other;
    }

    /** Whether more values are within the one than within the other; both are lower bounds, or both are upper ones. */
    private static boolean isWeaker(Condition.Bound one, Condition.Bound other) {
        int order = compare(one.value(), other.value());
        if (order == 0) {
            return one.comparison() == Condition.Comparison.AT_LEAST
                    || one.comparison() == Condition.Comparison.AT_MOST;
        }
        return isUpper(one) == (order > 0);
    }

    private static boolean isUpper(Condition.Bound bound) {
        return bound.comparison() == Condition.Comparison.LESS || bound.comparison() == Condition.Comparison.AT_MOST;
    }

    private static int compare(BsonValue one, BsonValue other) {
        return one.isInt64() && other.isInt64()
                ? Long.compare(one.asInt64().getValue(), other.asInt64().getValue())
                : one.asNumber().decimal128Value().compareTo(other.asNumber().decimal128Value());
    }

    private static Condition range(String field, Condition.@Nullable Bound low, Condition.@Nullable Bound high) {
        List<Condition.Bound> bounds = new ArrayList<>();
        if (low != null) {
            bounds.add(low);
        }
        if (high != null) {
            bounds.add(high);
        }
        return bounds.isEmpty() ? Condition.all() : new Condition.Range(field, bounds);
    }
}
