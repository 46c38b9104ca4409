package miroir.index.path;

import java.util.List;
import java.util.Map;
import miroir.index.path.PathExpression.Operator;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;

/** Compiles what stands in {@code where(…)} and expressions that are conditions, for values of one type. */
final class ConditionCompiler {
    private final String type;

    private ConditionCompiler(String type) {
        this.type = type;
    }

    static PathCondition compile(PathExpression expression, String type) {
        return new ConditionCompiler(type).condition(expression);
    }

    private PathCondition condition(PathExpression expression) {
        if (expression instanceof PathExpression.And and) {
            return new PathCondition.Both(condition(and.left()), condition(and.right()));
        }
        if (expression instanceof PathExpression.Or or) {
            return new PathCondition.Either(condition(or.left()), condition(or.right()));
        }
        if (expression instanceof PathExpression.Not not) {
            return new PathCondition.Negation(condition(not.base()));
        }
        if (expression instanceof PathExpression.Exists exists) {
            return new PathCondition.Existence(existing(exists.base(), true));
        }
        if (expression instanceof PathExpression.HasValue value) {
            return new PathCondition.Existence(existing(value.base(), false));
        }
        if (expression instanceof PathExpression.Is is) {
            return is(is);
        }
        if (expression instanceof PathExpression.Compare compare) {
            return comparison(compare);
        }
        throw new PathRefused(expression.at(), "a condition is expected: a comparison, exists(), is, and, or");
    }

    private PathCondition is(PathExpression.Is is) {
        if (is.base() instanceof PathExpression.Resolve resolve) {
            return resolves(resolve, is);
        }
        PathExpression narrowed = new PathExpression.OfType(is.base(), is.type(), is.at());
        return new PathCondition.Existence(existing(narrowed, false));
    }

    private PathCondition resolves(PathExpression.Resolve resolve, PathExpression.Is is) {
        if (!TypeNames.isResource(is.type())) {
            throw new PathRefused(is.at(), is.type() + " is not a resource type of FHIR R4");
        }
        if (!(resolve.base() instanceof PathExpression.Focus)) {
            throw new PathRefused(resolve.at(), "write path.where(resolve() is " + is.type() + ")");
        }
        return switch (type) {
            case "Reference", "canonical", "uri", "url" -> new PathCondition.ResolvesTo(is.type());
            default ->
                throw new PathRefused(
                        resolve.at(), "resolve() needs a Reference, a canonical or a uri, and this is of type " + type);
        };
    }

    private PathCondition comparison(PathExpression.Compare compare) {
        Object literal = literal(compare);
        if (isPlainField(compare) && literal instanceof String text && isAscii(text)) {
            return new PathCondition.FieldIs(((PathExpression.Child) compare.left()).name(), text);
        }
        return new PathCondition.Comparison(selected(compare.left()), compare.operator(), literal);
    }

    private static Object literal(PathExpression.Compare compare) {
        if (compare.right() instanceof PathExpression.NumberLiteral number) {
            return number.value();
        }
        if (compare.operator().isOrder()) {
            throw new PathRefused(
                    compare.right().at(), compare.operator().symbol + " is understood with numbers only; use = or !=");
        }
        return compare.right() instanceof PathExpression.TextLiteral text
                ? text.value()
                : ((PathExpression.BooleanLiteral) compare.right()).value();
    }

    /** {@code name = …} where the name is that of one element with one form. */
    private boolean isPlainField(PathExpression.Compare compare) {
        TypeDefinition definition = Structures.r4().type(type);
        if (definition == null
                || compare.operator() != Operator.EQUAL
                || !(compare.left() instanceof PathExpression.Child child)
                || !(child.base() instanceof PathExpression.Focus)) {
            return false;
        }
        ElementDefinition element = definition.element(child.name());
        return element != null && !element.many() && !element.isChoice();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private PathOperand selected(PathExpression path) {
        PathNode root = new PathNode();
        positions(path, root).forEach(ConditionCompiler::capture);
        return new PathOperand(root);
    }

    /** Like {@link #selected}; a primitive with extensions and no value exists too, and has no value. */
    private PathOperand existing(PathExpression path, boolean withoutValue) {
        PathNode root = new PathNode();
        for (Position position : positions(path, root)) {
            capture(position);
            PathNode owner = position.owner();
            if (withoutValue && owner != null && TypeNames.isPrimitive(position.type())) {
                owner.child("_" + position.name()).captures.add(new Capture(0, "Element", null, Map.of()));
            }
        }
        return new PathOperand(root);
    }

    private List<Position> positions(PathExpression path, PathNode root) {
        return new StepCompiler(List.of(Position.root(root, type)), null).positions(path);
    }

    private static void capture(Position position) {
        position.node().captures.add(new Capture(0, position.type(), null, Map.of()));
    }
}
