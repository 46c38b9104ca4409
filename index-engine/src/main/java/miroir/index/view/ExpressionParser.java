package miroir.index.view;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.path.PathRefused;
import miroir.index.path.PathTokens;
import miroir.index.path.PathTokens.Kind;
import miroir.index.path.PathTokens.Token;

/**
 * Parses the part of FHIRPath that views have, with FHIRPath's precedence. Search parameters have another part of it, and a parser of their own: what they
 * select feeds one walk and has no value, while all that a view says has one.
 */
final class ExpressionParser {
    /** Parsing and compiling go as deep as the expression. */
    private static final int DEEPEST = 40;

    private static final int MOST_TOKENS = 500;
    private static final int LONGEST = 2_000;

    private static final Set<String> ORDER = Set.of("<=", ">=", "<", ">");
    private static final Set<String> SUM = Set.of("+", "-", "&");
    private static final Set<String> PRODUCT = Set.of("*", "/");

    private final List<Token> tokens;
    private int next;
    private int depth;

    private ExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Expression parse(String source) {
        if (source.length() > LONGEST) {
            throw new PathRefused(LONGEST, "it is too long; allowed are " + LONGEST + " characters");
        }
        ExpressionParser parser = new ExpressionParser(PathTokens.ofCalculation(source));
        if (parser.tokens.size() > MOST_TOKENS) {
            throw new PathRefused(
                    parser.tokens.get(MOST_TOKENS).at(),
                    "it is too long; allowed are " + MOST_TOKENS + " names, values and signs");
        }
        Expression expression = parser.or();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected();
        }
        return expression;
    }

    private Expression or() {
        if (++depth > DEEPEST) {
            throw new PathRefused(peek().at(), "it nests too deep; allowed are " + DEEPEST + " levels");
        }
        Expression left = and();
        while (peek().is("or")) {
            left = binary(left, this::and);
        }
        depth--;
        return left;
    }

    private Expression and() {
        Expression left = equality();
        while (peek().is("and")) {
            left = binary(left, this::equality);
        }
        return left;
    }

    private Expression equality() {
        Expression left = order();
        while (peek().is("=") || peek().is("!=")) {
            left = binary(left, this::order);
        }
        return left;
    }

    private Expression order() {
        Expression left = sum();
        while (isSign(ORDER)) {
            left = binary(left, this::sum);
        }
        return left;
    }

    private Expression sum() {
        Expression left = product();
        while (isSign(SUM)) {
            left = binary(left, this::product);
        }
        return left;
    }

    private Expression product() {
        Expression left = signed();
        while (isSign(PRODUCT)) {
            left = binary(left, this::signed);
        }
        return left;
    }

    /** Goes on to the right of an operator. */
    private interface Operand {
        Expression parse();
    }

    private Expression binary(Expression left, Operand operand) {
        Token operator = take();
        return new Expression.Binary(left, operator.text(), operand.parse(), operator.at());
    }

    private Expression signed() {
        if (peek().is("-")) {
            Token sign = take();
            return new Expression.Negative(steps(), sign.at());
        }
        return steps();
    }

    private Expression steps() {
        Expression base = first();
        while (true) {
            if (peek().is(".")) {
                take();
                base = step(base);
            } else if (peek().is("[")) {
                base = item(base);
            } else {
                return base;
            }
        }
    }

    private Expression first() {
        Token token = peek();
        return switch (token.kind()) {
            case TEXT -> new Expression.Literal(take().text(), "string", token.at());
            case NUMBER -> number(take());
            case MOMENT -> moment(take());
            case NAME -> firstName(token);
            default -> token.is("(") ? inParentheses() : step(new Expression.Focus(token.at()));
        };
    }

    private Expression inParentheses() {
        take();
        Expression inner = or();
        expect(")");
        return inner;
    }

    private Expression firstName(Token token) {
        if (token.is("true") || token.is("false")) {
            take();
            return new Expression.Literal(token.is("true"), "boolean", token.at());
        }
        if (token.is("$this")) {
            take();
            return new Expression.Focus(token.at());
        }
        if (token.text().charAt(0) == '%') {
            take();
            return new Expression.Constant(token.text().substring(1), token.at());
        }
        return step(new Expression.Focus(token.at()));
    }

    private static Expression number(Token token) {
        String type = token.text().indexOf('.') < 0 ? "integer" : "decimal";
        BigDecimal number = ConstantReader.numberOrNull(token.text());
        if (number == null) {
            throw new PathRefused(token.at(), "the number has too many digits; allowed are 34");
        }
        return new Expression.Literal(number, type, token.at());
    }

    private static Expression moment(Token token) {
        String text = token.text();
        if (text.startsWith("T")) {
            return new Expression.Literal(text.substring(1), "time", token.at());
        }
        return new Expression.Literal(text, text.indexOf('T') < 0 ? "date" : "dateTime", token.at());
    }

    private Expression step(Expression base) {
        Token name = peek();
        if (name.kind() != Kind.NAME && name.kind() != Kind.QUOTED_NAME) {
            throw unexpected();
        }
        take();
        if (name.text().charAt(0) == '$' || name.text().charAt(0) == '%') {
            throw new PathRefused(
                    name.at(), name.text() + " is not understood here; $this, %rowIndex and the view's constants are");
        }
        return name.kind() == Kind.NAME && peek().is("(")
                ? new Expression.Call(base, name.text(), arguments(), name.at())
                : new Expression.Member(base, name.text(), name.at());
    }

    private List<Expression> arguments() {
        expect("(");
        List<Expression> arguments = new ArrayList<>();
        boolean isMore = !peek().is(")");
        while (isMore) {
            arguments.add(or());
            isMore = peek().is(",");
            if (isMore) {
                take();
            }
        }
        expect(")");
        return arguments;
    }

    private Expression item(Expression base) {
        int at = take().at();
        Expression index = or();
        expect("]");
        return new Expression.Item(base, index, at);
    }

    private boolean isSign(Set<String> signs) {
        return peek().kind() == Kind.SYMBOL && signs.contains(peek().text());
    }

    private void expect(String symbol) {
        if (!peek().is(symbol)) {
            throw new PathRefused(peek().at(), symbol + " is expected instead of " + shown(peek()));
        }
        take();
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    private PathRefused unexpected() {
        return new PathRefused(
                peek().at(),
                shown(peek())
                        + " is not understood here; a path has elements, [indexes], functions, comparisons, and, or,"
                        + " + - * / &, 'texts', numbers, @dates, true, false, $this and %constants");
    }

    private static String shown(Token token) {
        return token.kind() == Kind.END ? "the end" : "\"" + token.text() + "\"";
    }
}
