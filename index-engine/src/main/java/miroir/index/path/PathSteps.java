package miroir.index.path;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A path taken apart into its steps, for whoever has to know where it leads and not only what is there. Strangers write
 * these paths, so their length and nesting are bounded: the parser goes as deep as they do.
 */
public final class PathSteps {
    private static final int LONGEST = 1000;
    private static final int MOST_PARENTHESES = 32;

    private final String expression;
    private final Deque<Step> steps = new ArrayDeque<>();

    private PathSteps(String expression) {
        this.expression = expression;
    }

    /** One step of a path. */
    public sealed interface Step {}

    /** To the elements of that name. */
    public record ToElement(String name) implements Step {}

    /** To one of what there is. */
    public record ToItem(int index) implements Step {}

    /** To what is of that type. */
    public record ToType(String type) implements Step {}

    /** To what meets a condition. */
    public static final class ToMatches implements Step {
        private final PathExpression condition;
        private final String expression;

        private ToMatches(PathExpression condition, String expression) {
            this.condition = condition;
            this.expression = expression;
        }

        /** The condition for elements of a type; an {@link IllegalArgumentException} says why they cannot be asked. */
        public Predicate<BsonValue> of(String type) {
            try {
                PathCondition compiled = ConditionCompiler.compile(condition, type);
                return value -> compiled.test(seen(value)) == PathCondition.Outcome.TRUE;
            } catch (PathRefused e) {
                throw new IllegalArgumentException(e.explain(expression), e);
            }
        }

        /** Conditions look at bytes. */
        private static RawValue seen(BsonValue value) {
            RawBsonDocument alone = new RawBsonDocument(new BsonDocument("value", value), new BsonDocumentCodec());
            RawValue seen = RawValue.of(alone).get("value");
            if (seen == null) {
                throw new IllegalStateException("a document without the one element that was put into it");
            }
            return seen;
        }
    }

    /** The steps from a resource of this type; an {@link IllegalArgumentException} says what is not understood. */
    public static List<Step> of(String resourceType, String expression) {
        if (expression.length() > LONGEST
                || expression.chars().filter(letter -> letter == '(').count() > MOST_PARENTHESES) {
            throw new IllegalArgumentException("a path has at most " + LONGEST + " characters and " + MOST_PARENTHESES
                    + " parentheses, and this one has more");
        }
        try {
            return new PathSteps(expression).from(resourceType);
        } catch (PathRefused e) {
            throw new IllegalArgumentException(e.explain(expression), e);
        }
    }

    /** From the last step back to the first. */
    private List<Step> from(String resourceType) {
        PathExpression rest = PathParser.parse(expression);
        while (!(rest instanceof PathExpression.Focus || rest instanceof PathExpression.WholeResource)) {
            rest = stepBack(rest, resourceType);
        }
        return List.copyOf(steps);
    }

    private PathExpression stepBack(PathExpression last, String resourceType) {
        if (last instanceof PathExpression.Child child) {
            if (child.base() instanceof PathExpression.Focus
                    && Character.isUpperCase(child.name().charAt(0))) {
                checkType(child, resourceType);
            } else {
                steps.push(new ToElement(child.name()));
            }
            return child.base();
        }
        if (last instanceof PathExpression.Item item) {
            steps.push(new ToItem(item.index()));
            return item.base();
        }
        if (last instanceof PathExpression.OfType type) {
            steps.push(new ToType(known(type)));
            return type.base();
        }
        if (last instanceof PathExpression.Filter filter) {
            steps.push(new ToMatches(filter.condition(), expression));
            return filter.base();
        }
        throw new PathRefused(
                last.at(), "a path consists of elements, [indexes], where(…), extension('…'), first() and ofType(…)");
    }

    private static void checkType(PathExpression.Child child, String resourceType) {
        String name = child.name();
        if (!name.equals(resourceType) && !name.equals("Resource") && !name.equals("DomainResource")) {
            throw new PathRefused(child.at(), "the resource is a " + resourceType + ", and no " + name);
        }
    }

    private static String known(PathExpression.OfType expression) {
        String type = TypeNames.known(expression.type());
        if (type == null) {
            throw new PathRefused(expression.at(), expression.type() + " is not a type of FHIR R4");
        }
        return type;
    }
}
