package miroir.index.search;

import java.util.List;
import miroir.index.search.SearchExpression.Composite;

/**
 * Composites: one tuple meets what is asked of each component.
 *
 * <p>A component is rewritten as if it were a parameter of its own, and its fields are then those of the tuple, which have
 * the same endings and do not begin with {@code t_}.
 */
final class CompositeConditions {
    private static final String PREFIX = "t_";

    private CompositeConditions() {}

    static Condition of(Composite composite) {
        List<Condition> parts = composite.parts().stream()
                .map(ConditionRewriter::rewrite)
                .map(CompositeConditions::inTuple)
                .toList();
        return new Condition.Element(composite.parameter().field("tuple"), new Condition.And(parts));
    }

    private static Condition inTuple(Condition condition) {
        if (condition instanceof Condition.And and) {
            return new Condition.And(
                    and.parts().stream().map(CompositeConditions::inTuple).toList());
        }
        if (condition instanceof Condition.Or or) {
            return new Condition.Or(
                    or.parts().stream().map(CompositeConditions::inTuple).toList());
        }
        if (condition instanceof Condition.In in) {
            return new Condition.In(name(in.field()), in.values());
        }
        if (condition instanceof Condition.Text text) {
            return new Condition.Text(name(text.base()), text.needle(), text.anywhere());
        }
        if (condition instanceof Condition.StartsWith starts) {
            return new Condition.StartsWith(name(starts.field()), starts.prefix());
        }
        if (condition instanceof Condition.Element element) {
            return new Condition.Element(name(element.field()), element.condition());
        }
        throw new IllegalArgumentException("a component is not tested by " + condition);
    }

    private static String name(String field) {
        if (!field.startsWith(PREFIX)) {
            throw new IllegalArgumentException(field + " is not the field of a parameter");
        }
        return field.substring(PREFIX.length());
    }
}
