package miroir.index.search;

import java.util.List;
import miroir.index.search.Condition.Bound;
import miroir.index.search.Condition.Comparison;
import miroir.index.value.DateInterval;
import org.bson.BsonInt64;

/**
 * What R4 says of date prefixes, as comparisons of the ends of two intervals.
 *
 * <p>Let the stored date be {@code [s, e]} and the one searched for {@code [S, E]}, all ends included. R4 speaks of
 * "contains", "overlaps" and "the range above"; with both ends known, and with what is searched for belonging to what is above or
 * below it where it may be equal, that is:
 *
 * <pre>{@code
 * eq   [S, E] contains [s, e]              s >= S and e <= E
 * ne   it does not                         s < S  or  e > E
 * gt   what is above E overlaps [s, e]     e > E
 * lt   what is below S overlaps [s, e]     s < S
 * ge   S and what is above overlap [s, e]  e >= S
 * le   E and what is below overlap [s, e]  s <= E
 * sa   what is above E contains [s, e]     s > E
 * eb   what is below S contains [s, e]     e < S
 * ap   [S, E] overlaps [s, e]              s <= E and e >= S
 * }</pre>
 *
 * <p>To read {@code ge} as "{@code gt} or {@code eq}" would be closer to the letter, and would leave out the period that ends on the
 * very day: found from noon of that day on, and not from its morning. A stored date that has several intervals matches when one of them
 * does, also with {@code ne}.
 */
final class DateConditions {
    private DateConditions() {}

    /** On an element with the ends {@code s} and {@code e}. */
    static Condition ofInterval(Prefix prefix, DateInterval asked) {
        return of("s", "e", prefix, asked);
    }

    /** On a scalar that is both ends. */
    static Condition ofInstant(String field, Prefix prefix, DateInterval asked) {
        return switch (prefix) {
            case EQ, AP -> range(field, atLeast(asked.start()), atMost(asked.end()));
            case GE -> range(field, atLeast(asked.start()));
            case LE -> range(field, atMost(asked.end()));
            case NE, GT, LT, SA, EB -> of(field, field, prefix, asked);
        };
    }

    private static Condition of(String s, String e, Prefix prefix, DateInterval asked) {
        long start = asked.start();
        long end = asked.end();
        return switch (prefix) {
            case EQ -> and(range(s, atLeast(start)), range(e, atMost(end)));
            case NE -> or(range(s, less(start)), range(e, greater(end)));
            case GT -> range(e, greater(end));
            case LT -> range(s, less(start));
            case GE -> range(e, atLeast(start));
            case LE -> range(s, atMost(end));
            case SA -> range(s, greater(end));
            case EB -> range(e, less(start));
            case AP -> and(range(s, atMost(end)), range(e, atLeast(start)));
        };
    }

    private static Condition and(Condition one, Condition other) {
        return new Condition.And(List.of(one, other));
    }

    private static Condition or(Condition one, Condition other) {
        return new Condition.Or(List.of(one, other));
    }

    private static Condition range(String field, Bound... bounds) {
        return new Condition.Range(field, List.of(bounds));
    }

    private static Bound less(long value) {
        return new Bound(Comparison.LESS, new BsonInt64(value));
    }

    private static Bound atMost(long value) {
        return new Bound(Comparison.AT_MOST, new BsonInt64(value));
    }

    private static Bound atLeast(long value) {
        return new Bound(Comparison.AT_LEAST, new BsonInt64(value));
    }

    private static Bound greater(long value) {
        return new Bound(Comparison.GREATER, new BsonInt64(value));
    }
}
