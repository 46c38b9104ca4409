package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;

/** How the value of one parameter with one modifier is read. */
interface Clause {

    /** The whole value: its alternatives joined by or. */
    SearchExpression read(String value, int maximumValues);

    static Clause of(Alternative alternative) {
        return new Values(alternative, false);
    }

    /** A clause for {@code :not}: none of the alternatives may hold. */
    static Clause noneOf(Alternative alternative) {
        return new Values(alternative, true);
    }

    /** A clause for {@code :missing}. */
    static Clause missing(MissingExpression expression) {
        return of(value -> expression.of(truth(value)));
    }

    /** What {@code :missing} means for one parameter. */
    interface MissingExpression {
        SearchExpression of(boolean missing);
    }

    /** Reads one value of those that commas separate, its escapes still in it. */
    interface Alternative {
        SearchExpression read(String value);
    }

    /** Values that commas separate. */
    record Values(Alternative alternative, boolean negated) implements Clause {

        @Override
        public SearchExpression read(String value, int maximumValues) {
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
