package miroir.index.path;

import java.math.BigDecimal;
import java.util.Set;
import miroir.index.path.PathExpression.Operator;
import miroir.index.value.ReferenceText;
import org.jspecify.annotations.Nullable;

/** A compiled condition. FHIRPath knows three outcomes: an operand that selects nothing makes a comparison unknown. */
sealed interface PathCondition {
    enum Outcome {
        TRUE,
        FALSE,
        UNKNOWN;

        static Outcome of(boolean truth) {
            return truth ? TRUE : FALSE;
        }
    }

    Outcome test(RawValue focus);

    /** {@code name = 'text'} on a complex element, by far the most frequent one; ASCII, compared without making a string. */
    record FieldIs(String name, String text) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            RawValue value = focus.get(name);
            if (value == null || value.type() == RawBytes.NULL) {
                return Outcome.UNKNOWN;
            }
            return Outcome.of(value.type() == RawBytes.STRING && isText(value));
        }

        private boolean isText(RawValue value) {
            int from = value.at() + 4;
            int length = RawBytes.int32(value.bytes(), value.at()) - 1;
            return RawBytes.isName(value.bytes(), from, from + length, text);
        }
    }

    /** A comparison of what a path selects with a literal: a String, a BigDecimal or a Boolean. */
    record Comparison(PathOperand operand, Operator operator, Object literal) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            int count = operand.count(focus);
            if (count != 1) {
                return count == 0 ? Outcome.UNKNOWN : Outcome.of(operator == Operator.NOT_EQUAL);
            }
            RawValue value = operand.only(focus);
            return value == null ? Outcome.UNKNOWN : compare(value);
        }

        private Outcome compare(RawValue value) {
            Integer order = order(value);
            if (order == null) {
                return operator.isOrder() ? Outcome.UNKNOWN : Outcome.of(operator == Operator.NOT_EQUAL);
            }
            return Outcome.of(
                    switch (operator) {
                        case EQUAL -> order == 0;
                        case NOT_EQUAL -> order != 0;
                        case LESS -> order < 0;
                        case AT_MOST -> order <= 0;
                        case AT_LEAST -> order >= 0;
                        case GREATER -> order > 0;
                    });
        }

        /** How the value stands to the literal; null when they are of different kinds. */
        private @Nullable Integer order(RawValue value) {
            if (literal instanceof BigDecimal number) {
                BigDecimal own = value.number();
                return own == null ? null : own.compareTo(number);
            }
            Object own = literal instanceof Boolean ? value.truth() : value.text();
            return own == null ? null : own.equals(literal) ? 0 : 1;
        }
    }

    /** Whether a path selects anything. */
    record Existence(PathOperand operand) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            return Outcome.of(operand.count(focus) > 0);
        }
    }

    record Negation(PathCondition part) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            return switch (part.test(focus)) {
                case TRUE -> Outcome.FALSE;
                case FALSE -> Outcome.TRUE;
                case UNKNOWN -> Outcome.UNKNOWN;
            };
        }
    }

    record Both(PathCondition left, PathCondition right) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            Outcome first = left.test(focus);
            Outcome second = first == Outcome.FALSE ? Outcome.FALSE : right.test(focus);
            return first == Outcome.TRUE || second == Outcome.FALSE ? second : first;
        }
    }

    record Either(PathCondition left, PathCondition right) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            Outcome first = left.test(focus);
            Outcome second = first == Outcome.TRUE ? Outcome.TRUE : right.test(focus);
            return first == Outcome.FALSE || second == Outcome.TRUE ? second : first;
        }
    }

    /** Always the same, where the types decide at compile time. */
    record Constant(Outcome outcome) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            return outcome;
        }
    }

    /** The embedded resource is of this type. */
    record ResourceIs(String type) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            return Outcome.of(type.equals(focus.text("resourceType")));
        }
    }

    /**
     * {@code resolve() is T}. Nothing is fetched: the reference names its type in its text, else in {@code Reference.type}, else
     * it points to a contained resource. One that does neither resolves to nothing.
     */
    record ResolvesTo(String type) implements PathCondition {
        @Override
        public Outcome test(RawValue focus) {
            String text = focus.isDocument() ? focus.text("reference") : focus.text();
            String named = text == null ? null : typeOf(text, focus);
            if (named == null && focus.isDocument()) {
                named = focus.text("type");
            }
            return named == null ? Outcome.UNKNOWN : Outcome.of(named.equals(type));
        }

        private static @Nullable String typeOf(String reference, RawValue focus) {
            return reference.startsWith("#")
                    ? typeOfContained(reference.substring(1), focus)
                    : ReferenceText.of(reference, Set.of()).type();
        }

        private static @Nullable String typeOfContained(String id, RawValue focus) {
            RawValue root = focus.resource();
            for (RawValue contained : root.all("contained")) {
                if (id.equals(contained.text("id"))) {
                    return contained.text("resourceType");
                }
            }
            return id.isEmpty() ? root.text("resourceType") : null;
        }
    }
}
