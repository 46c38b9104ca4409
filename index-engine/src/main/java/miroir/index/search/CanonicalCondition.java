package miroir.index.search;

import java.util.List;
import org.bson.BsonValue;

/**
 * One text for all conditions that ask the same in another order. Two that ask something else may have one text in odd cases,
 * which does no harm where the text only says who has to wait for whom.
 */
public final class CanonicalCondition {
    private CanonicalCondition() {}

    public static String of(Condition condition) {
        if (condition instanceof Condition.And and) {
            return joined("and", and.parts());
        }
        if (condition instanceof Condition.Or or) {
            return joined("or", or.parts());
        }
        if (condition instanceof Condition.Not not) {
            return "not[" + of(not.part()) + "]";
        }
        if (condition instanceof Condition.Element element) {
            return element.field() + "[" + of(element.condition()) + "]";
        }
        if (condition instanceof Condition.Linked linked) {
            return linked.direction() + " " + linked.field() + " " + linked.type() + "[" + of(linked.condition()) + "]";
        }
        if (condition instanceof Condition.In in) {
            return in.field()
                    + in.values().stream().map(BsonValue::toString).sorted().toList();
        }
        return condition.toString();
    }

    private static String joined(String operator, List<Condition> parts) {
        List<String> texts =
                parts.stream().map(CanonicalCondition::of).distinct().sorted().toList();
        return texts.size() == 1 ? texts.get(0) : operator + texts;
    }
}
