package miroir.index.store;

import java.util.List;
import java.util.function.Predicate;
import miroir.index.search.Condition;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Whether a document of {@code t_*} fields meets a condition, as a database would find. For what is not stored yet, and for
 * tests; written for being right rather than fast.
 */
public final class MeetsCondition {
    private MeetsCondition() {}

    public static boolean test(BsonDocument fields, Condition condition) {
        if (condition instanceof Condition.And and) {
            return and.parts().stream().allMatch(part -> test(fields, part));
        }
        if (condition instanceof Condition.Or or) {
            return or.parts().stream().anyMatch(part -> test(fields, part));
        }
        if (condition instanceof Condition.Not not) {
            return !test(fields, not.part());
        }
        if (condition instanceof Condition.In in) {
            return any(fields.get(in.field()), in.values()::contains);
        }
        if (condition instanceof Condition.Exists exists) {
            return fields.containsKey(exists.field());
        }
        if (condition instanceof Condition.Text text) {
            return any(
                    fields.get(text.base() + "-i"),
                    value -> value.isString()
                            && (text.anywhere()
                                    ? value.asString().getValue().contains(text.needle())
                                    : value.asString().getValue().startsWith(text.needle())));
        }
        if (condition instanceof Condition.Word word) {
            return any(
                    fields.get(word.base() + "-i"),
                    value -> value.isString() && (" " + value.asString().getValue()).contains(" " + word.needle()));
        }
        if (condition instanceof Condition.StartsWith starts) {
            return any(
                    fields.get(starts.field()),
                    value -> value.isString() && value.asString().getValue().startsWith(starts.prefix()));
        }
        if (condition instanceof Condition.Range range) {
            BsonValue value = fields.get(range.field());
            return value != null
                    && range.bounds().stream().allMatch(bound -> isComparable(value, bound) && within(value, bound));
        }
        if (condition instanceof Condition.Element element) {
            return any(
                    fields.get(element.field()),
                    value -> value.isDocument() && test(value.asDocument(), element.condition()));
        }
        throw new IllegalArgumentException("links are not seen in one document: " + condition);
    }

    private static boolean any(@Nullable BsonValue value, Predicate<BsonValue> test) {
        if (value == null) {
            return false;
        }
        List<BsonValue> elements = value.isArray() ? value.asArray() : List.of(value);
        return elements.stream().anyMatch(test);
    }

    /** Values of different types are in no order, so neither is within the other's bounds. */
    private static boolean isComparable(BsonValue value, Condition.Bound bound) {
        return (value.isString() && bound.value().isString())
                || (value.isDateTime() && bound.value().isDateTime())
                || (value.isNumber() && bound.value().isNumber());
    }

    private static boolean within(BsonValue value, Condition.Bound bound) {
        int order = compare(value, bound.value());
        return switch (bound.comparison()) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case AT_LEAST -> order >= 0;
            case GREATER -> order > 0;
        };
    }

    private static int compare(BsonValue left, BsonValue right) {
        if (left.isString() && right.isString()) {
            return left.asString().getValue().compareTo(right.asString().getValue());
        }
        if (left.isDateTime() && right.isDateTime()) {
            return Long.compare(left.asDateTime().getValue(), right.asDateTime().getValue());
        }
        return left.asNumber().decimal128Value().compareTo(right.asNumber().decimal128Value());
    }
}
