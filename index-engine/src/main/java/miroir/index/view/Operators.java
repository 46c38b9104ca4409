package miroir.index.view;

import miroir.index.path.PathRefused;
import org.jspecify.annotations.Nullable;

/** Compiles what has a left and a right side. */
final class Operators {
    private final ExpressionCompiler compiler;

    Operators(ExpressionCompiler compiler) {
        this.compiler = compiler;
    }

    Typed binary(Expression.Binary binary) {
        return switch (binary.operator()) {
            case "and" -> Typed.of(Truth.and(compiler.truth(binary.left()), compiler.truth(binary.right())));
            case "or" -> Typed.of(Truth.or(compiler.truth(binary.left()), compiler.truth(binary.right())));
            case "=", "!=", "<", "<=", ">", ">=" -> comparison(binary);
            case "&" -> joined(binary);
            default -> arithmetic(binary);
        };
    }

    Typed negative(Expression.Negative negative) {
        Typed operand = compiler.compile(negative.operand());
        requireOnly(Kind.NUMBER, operand, negative.operand().at());
        Path path = operand.path();
        Path negated = (focus, rowIndex, taker) -> path.each(
                focus,
                rowIndex,
                value -> value.number() == null
                        || taker.take(Value.of(value.type(), value.number().negate())));
        return new Typed(negated, Calculation.types(operand, operand, "-"), operand.many());
    }

    private Typed comparison(Expression.Binary binary) {
        Typed left = compiler.compile(binary.left());
        Typed right = compiler.compile(binary.right());
        boolean isEquality = binary.operator().equals("=") || binary.operator().equals("!=");
        boolean isNothing = left.types().isEmpty() || right.types().isEmpty();
        if (!isNothing && !isComparable(left, right, isEquality)) {
            throw new PathRefused(binary.at(), neverCompared(left, binary.operator(), right));
        }
        return Typed.of(new Comparison(left.path(), binary.operator(), right.path(), "a side of " + binary.operator()));
    }

    private static boolean isComparable(Typed left, Typed right, boolean isEquality) {
        return left.kinds().stream()
                .filter(kind -> kind != Kind.COMPLEX && (isEquality || kind != Kind.TRUTH))
                .anyMatch(right.kinds()::contains);
    }

    private static String neverCompared(Typed left, String operator, Typed right) {
        boolean isOfDates = left.kinds().contains(Kind.MOMENT) || right.kinds().contains(Kind.MOMENT);
        return left.shownTypes() + " and " + right.shownTypes() + " cannot be compared by " + operator
                + (isOfDates ? "; a date is written @2026-01-31" : "; values without parts and of one kind can");
    }

    private Typed joined(Expression.Binary binary) {
        Path left = text(binary.left());
        Path right = text(binary.right());
        Path path = (focus, rowIndex, taker) -> {
            String first = textOf(OnlyValue.of(left, focus, rowIndex, "a side of &"));
            String second = textOf(OnlyValue.of(right, focus, rowIndex, "a side of &"));
            return taker.take(Value.of("string", ComputedText.of(first, second)));
        };
        return Typed.one(path, "string");
    }

    private static String textOf(@Nullable Value value) {
        String text = value == null ? null : value.text();
        return text == null ? "" : text;
    }

    private Path text(Expression expression) {
        Typed typed = compiler.compile(expression);
        if (typed.kinds().stream().anyMatch(kind -> !kind.isText())) {
            throw new PathRefused(expression.at(), "a text is expected, and this is " + typed.shownTypes());
        }
        return typed.path();
    }

    private Typed arithmetic(Expression.Binary binary) {
        Typed left = compiler.compile(binary.left());
        Typed right = compiler.compile(binary.right());
        boolean isOfTexts = binary.operator().equals("+") && !left.types().isEmpty() && left.isOnly(Kind.TEXT);
        requireOnly(isOfTexts ? Kind.TEXT : Kind.NUMBER, left, binary.left().at());
        requireOnly(isOfTexts ? Kind.TEXT : Kind.NUMBER, right, binary.right().at());
        return new Typed(
                new Calculation(left.path(), binary.operator(), right.path()),
                Calculation.types(left, right, binary.operator()),
                false);
    }

    private static void requireOnly(Kind kind, Typed typed, int at) {
        if (!typed.isOnly(kind)) {
            throw new PathRefused(
                    at,
                    (kind == Kind.NUMBER ? "a number" : "a text") + " is expected, and this is " + typed.shownTypes());
        }
    }
}
