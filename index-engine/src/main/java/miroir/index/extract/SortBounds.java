package miroir.index.extract;

import java.util.function.Function;
import miroir.index.value.FoldedText;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The smallest and the greatest value of a sortable parameter. A page continues after the sort key of its last resource, and
 * with an array another element of it could meet that condition; so sorting has scalars of its own.
 */
final class SortBounds<T extends Comparable<T>> {
    private static final int LETTERS = 100;

    private @Nullable T min;
    private @Nullable T max;

    void add(T value) {
        add(value, value);
    }

    void add(T low, T high) {
        min = min == null || low.compareTo(min) < 0 ? low : min;
        max = max == null || high.compareTo(max) > 0 ? high : max;
    }

    void write(BsonDocument fields, FieldPlan plan, Function<T, BsonValue> bson) {
        if (plan.sortable() && min != null && max != null) {
            fields.append(plan.field("min"), bson.apply(min));
            fields.append(plan.field("max"), bson.apply(max));
        }
    }

    /** Text as it is sorted: folded, and no longer than what tells names apart. */
    static String key(String text) {
        String folded = FoldedText.fold(text);
        return folded.length() <= LETTERS
                ? folded
                : folded.substring(
                        0, folded.offsetByCodePoints(0, Math.min(LETTERS, folded.codePointCount(0, folded.length()))));
    }
}
