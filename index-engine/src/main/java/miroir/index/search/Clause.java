package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;

/**
 * How the values of one parameter with one modifier are read.
 *
 * @param alternative reads one value of those that commas separate, its escapes still in it
 * @param negated the modifier {@code :not}: none of the alternatives may hold
 */
record Clause(Alternative alternative, boolean negated) {

    /** Reads one value. */
    interface Alternative {
        SearchExpression read(String value);
    }

    static Clause of(Alternative alternative) {
        return new Clause(alternative, false);
    }

    /** A clause for {@code :missing}. */
    static Clause missing(MissingExpression expression) {
        return of(value -> expression.of(truth(value)));
    }

    /** What {@code :missing} means for one parameter. */
    interface MissingExpression {
        SearchExpression of(boolean missing);
    }

    /** The whole value: its alternatives joined by or. */
    SearchExpression read(String value, int maximumValues) {
        List<String> values = EscapedText.split(value, ',');
        if (values.size() > maximumValues) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    values.size() + " values separated by commas; allowed are at most " + maximumValues);
        }
        List<SearchExpression> parts = new ArrayList<>();
        for (String one : values) {
            if (one.isEmpty()) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        values.size() == 1
                                ? "the value is empty; to search for resources without one, use the modifier :missing"
                                : "a value between commas is empty; a comma that is part of a value is written \\,");
            }
            parts.add(alternative.read(one));
        }
        SearchExpression any = parts.size() == 1 ? parts.get(0) : new SearchExpression.Or(parts);
        return negated ? new SearchExpression.Not(any) : any;
    }

    private static boolean truth(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "\"" + Refusal.shown(value) + "\" is not allowed; allowed are true, false");
        };
    }
}
