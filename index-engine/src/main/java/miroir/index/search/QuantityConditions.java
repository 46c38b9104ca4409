package miroir.index.search;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition.Bound;
import miroir.index.search.Condition.Comparison;
import miroir.index.value.StoredDecimal;
import org.bson.BsonString;

/**
 * What R4 says of the prefixes of numbers and quantities, as comparisons with the ends of stored intervals.
 *
 * <p>Let the stored number be {@code [s, e]}, both ends included, which are one except in a Range, in SampledData and beside
 * a comparator. Let the number searched for be {@code x}, which by its digits may mean all of {@code [S, E)}. R4 has the
 * digits count for equality only; with {@code gt}, {@code lt}, {@code ge}, {@code le}, {@code sa} and {@code eb} the number is
 * exactly itself:
 *
 * <pre>{@code
 * eq   [S, E) contains [s, e]              s >= S and e < E
 * ne   it does not                         s < S  or  e >= E
 * gt   what is above x overlaps [s, e]     e > x
 * lt   what is below x overlaps [s, e]     s < x
 * ge   x or what is above                  e >= x
 * le   x or what is below                  s <= x
 * sa   what is above x contains [s, e]     s > x
 * eb   what is below x contains [s, e]     e < x
 * ap   x widened overlaps [s, e]           s <= the widened end and e >= the widened start
 * }</pre>
 *
 * <p>Of several stored numbers one has to match, also with {@code ne}; its unit is tested on the same one. {@code S} and
 * {@code E} may have a digit more than is stored: they are replaced by the next stored number above, which no stored number
 * can tell from them.
 */
final class QuantityConditions {
    private QuantityConditions() {}

    static Condition of(SearchExpression.Quantity asked) {
        List<Condition> parts = new ArrayList<>(List.of(number(asked.prefix(), asked.number())));
        if (asked.system() != null && !asked.system().isEmpty()) {
            parts.add(equal("system", asked.system()));
        }
        if (asked.code() != null) {
            parts.add("".equals(asked.system()) ? codeOrUnit(asked.code()) : equal("code", asked.code()));
        }
        return new Condition.Element(
                asked.parameter().field(""), parts.size() == 1 ? parts.get(0) : new Condition.And(parts));
    }

    private static Condition number(Prefix prefix, AskedNumber asked) {
        BigDecimal x = asked.value();
        return switch (prefix) {
            case EQ ->
                new Condition.And(List.of(
                        range("s", Comparison.AT_LEAST, asked.from()), range("e", Comparison.LESS, asked.to())));
            case NE ->
                new Condition.Or(List.of(
                        range("s", Comparison.LESS, asked.from()), range("e", Comparison.AT_LEAST, asked.to())));
            case GT -> range("e", Comparison.GREATER, x);
            case LT -> range("s", Comparison.LESS, x);
            case GE -> range("e", Comparison.AT_LEAST, x);
            case LE -> range("s", Comparison.AT_MOST, x);
            case SA -> range("s", Comparison.GREATER, x);
            case EB -> range("e", Comparison.LESS, x);
            case AP ->
                new Condition.And(List.of(
                        range("s", Comparison.AT_MOST, asked.roughlyTo()),
                        range("e", Comparison.AT_LEAST, asked.roughlyFrom())));
        };
    }

    /** R4: the code, or the unit that people read. */
    private static Condition codeOrUnit(String code) {
        return new Condition.Or(List.of(equal("code", code), equal("unit", code)));
    }

    private static Condition equal(String field, String value) {
        return new Condition.In(field, List.of(new BsonString(value)));
    }

    private static Condition range(String field, Comparison comparison, BigDecimal value) {
        RoundingMode rounding = comparison == Comparison.AT_MOST ? RoundingMode.FLOOR : RoundingMode.CEILING;
        return new Condition.Range(field, List.of(new Bound(comparison, StoredDecimal.of(value, rounding))));
    }
}
