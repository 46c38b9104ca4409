package miroir.index.path;

import java.math.BigDecimal;
import java.util.List;

/** A parsed expression; {@code at} is where in the text its last step begins, for refusals. */
sealed interface PathExpression {
    int at();

    /** What the expression is applied to: the resource, or what a condition is asked of. */
    record Focus(int at) implements PathExpression {}

    /** {@code %resource}. */
    record WholeResource(int at) implements PathExpression {}

    record Child(PathExpression base, String name, int at) implements PathExpression {}

    /** {@code base[index]}. */
    record Item(PathExpression base, int index, int at) implements PathExpression {}

    /** {@code base.where(condition)}; {@code text} is the condition as it was written, by which equal ones are shared. */
    record Filter(PathExpression base, PathExpression condition, String text, int at) implements PathExpression {}

    /** {@code base as type}, {@code base.as(type)}, {@code base.ofType(type)}. */
    record OfType(PathExpression base, String type, int at) implements PathExpression {}

    record Union(List<PathExpression> parts, int at) implements PathExpression {
        public Union {
            parts = List.copyOf(parts);
        }
    }

    record Resolve(PathExpression base, int at) implements PathExpression {}

    // what is true or false

    record Is(PathExpression base, String type, int at) implements PathExpression {}

    record Exists(PathExpression base, int at) implements PathExpression {}

    record HasValue(PathExpression base, int at) implements PathExpression {}

    record Not(PathExpression base, int at) implements PathExpression {}

    record And(PathExpression left, PathExpression right, int at) implements PathExpression {}

    record Or(PathExpression left, PathExpression right, int at) implements PathExpression {}

    record Compare(PathExpression left, Operator operator, Literal right, int at) implements PathExpression {}

    /** {@code 'text'}, a number, {@code true} or {@code false}. */
    sealed interface Literal extends PathExpression {}

    record TextLiteral(String value, int at) implements Literal {}

    record NumberLiteral(BigDecimal value, int at) implements Literal {}

    record BooleanLiteral(boolean value, int at) implements Literal {}

    /** The comparisons that are understood. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        AT_LEAST(">="),
        GREATER(">");

        final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        boolean isOrder() {
            return this != EQUAL && this != NOT_EQUAL;
        }
    }

    /** Whether it is true or false, and selects no value of the document. */
    default boolean isCondition() {
        return this instanceof Is
                || this instanceof Exists
                || this instanceof HasValue
                || this instanceof Not
                || this instanceof And
                || this instanceof Or
                || this instanceof Compare;
    }
}
