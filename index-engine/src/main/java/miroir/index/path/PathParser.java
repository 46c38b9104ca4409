package miroir.index.path;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import miroir.index.path.PathExpression.Operator;
import miroir.index.path.PathTokens.Kind;
import miroir.index.path.PathTokens.Token;

/**
 * Parses the part of FHIRPath that search parameters use, with FHIRPath's precedence: steps, then {@code is} and
 * {@code as}, then {@code |}, then comparisons, then {@code and}, then {@code or}.
 */
final class PathParser {
    private static final String FUNCTIONS =
            "where, exists, empty, not, hasValue, as, is, ofType, extension, resolve, first";

    /** Parsing and what follows it go as deep as the expression, and anybody who may write may send one. */
    private static final int DEEPEST = 50;

    private static final int MOST_TOKENS = 2_000;

    private final String source;
    private final List<Token> tokens;
    private int next;
    private int depth;

    private PathParser(String source) {
        this.source = source;
        this.tokens = PathTokens.of(source);
    }

    static PathExpression parse(String source) {
        PathParser parser = new PathParser(source);
        if (parser.tokens.size() > MOST_TOKENS) {
            throw new PathRefused(
                    parser.tokens.get(MOST_TOKENS).at(),
                    "it is too long; allowed are " + MOST_TOKENS + " names, values and signs");
        }
        PathExpression expression = parser.or();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected();
        }
        return expression;
    }

    private PathExpression or() {
        if (++depth > DEEPEST) {
            throw new PathRefused(peek().at(), "it nests too deep; allowed are " + DEEPEST + " levels");
        }
        PathExpression left = and();
        while (peek().is("or")) {
            int at = take().at();
            left = new PathExpression.Or(left, and(), at);
        }
        depth--;
        return left;
    }

    private PathExpression and() {
        PathExpression left = comparison();
        while (peek().is("and")) {
            int at = take().at();
            left = new PathExpression.And(left, comparison(), at);
        }
        return left;
    }

    private PathExpression comparison() {
        PathExpression left = union();
        for (Operator operator : Operator.values()) {
            if (peek().is(operator.symbol)) {
                int at = take().at();
                PathExpression right = union();
                if (right instanceof PathExpression.Literal literal) {
                    return new PathExpression.Compare(left, operator, literal, at);
                }
                throw new PathRefused(
                        right.at(), "only a literal can be compared with: 'text', a number, true or false");
            }
        }
        return left;
    }

    private PathExpression union() {
        PathExpression first = typed();
        if (!peek().is("|")) {
            return first;
        }
        List<PathExpression> parts = new ArrayList<>(List.of(first));
        while (peek().is("|")) {
            take();
            parts.add(typed());
        }
        return new PathExpression.Union(parts, first.at());
    }

    private PathExpression typed() {
        PathExpression base = steps();
        if (peek().is("as")) {
            int at = take().at();
            return new PathExpression.OfType(base, typeName(), at);
        }
        if (peek().is("is")) {
            int at = take().at();
            return new PathExpression.Is(base, typeName(), at);
        }
        return base;
    }

    private PathExpression steps() {
        PathExpression base = first();
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

    private PathExpression first() {
        Token token = peek();
        if (token.kind() == Kind.TEXT) {
            return new PathExpression.TextLiteral(take().text(), token.at());
        }
        if (token.kind() == Kind.NUMBER || token.is("-")) {
            return number();
        }
        if (token.is("(")) {
            take();
            PathExpression inner = or();
            expect(")");
            return inner;
        }
        return token.kind() == Kind.NAME ? firstName(token) : step(new PathExpression.Focus(token.at()));
    }

    private PathExpression firstName(Token token) {
        switch (token.text()) {
            case "true", "false" -> {
                take();
                return new PathExpression.BooleanLiteral(token.is("true"), token.at());
            }
            case "$this" -> {
                take();
                return new PathExpression.Focus(token.at());
            }
            case "%resource", "%context" -> {
                take();
                return token.is("%resource")
                        ? new PathExpression.WholeResource(token.at())
                        : new PathExpression.Focus(token.at());
            }
            default -> {
                return step(new PathExpression.Focus(token.at()));
            }
        }
    }

    private PathExpression number() {
        Token first = take();
        Token digits = first.is("-") ? take() : first;
        if (digits.kind() != Kind.NUMBER) {
            throw new PathRefused(digits.at(), "a number is expected after -");
        }
        BigDecimal value = new BigDecimal(digits.text());
        return new PathExpression.NumberLiteral(first.is("-") ? value.negate() : value, first.at());
    }

    private PathExpression step(PathExpression base) {
        Token name = peek();
        if (name.kind() != Kind.NAME && name.kind() != Kind.QUOTED_NAME) {
            throw unexpected();
        }
        take();
        if (name.kind() == Kind.NAME && !isElementName(name.text())) {
            throw new PathRefused(name.at(), name.text() + " is not understood; $this and %resource are");
        }
        return peek().is("(") ? function(base, name) : new PathExpression.Child(base, name.text(), name.at());
    }

    private static boolean isElementName(String name) {
        return name.charAt(0) != '$' && name.charAt(0) != '%';
    }

    private PathExpression function(PathExpression base, Token name) {
        int at = name.at();
        expect("(");
        PathExpression result = switch (name.text()) {
            case "where" -> filter(base, at);
            case "exists" -> new PathExpression.Exists(peek().is(")") ? base : filter(base, at), at);
            case "empty" -> new PathExpression.Not(new PathExpression.Exists(base, at), at);
            case "not" -> new PathExpression.Not(base, at);
            case "hasValue" -> new PathExpression.HasValue(base, at);
            case "as", "ofType" -> new PathExpression.OfType(base, typeName(), at);
            case "is" -> new PathExpression.Is(base, typeName(), at);
            case "extension" -> extension(base, at);
            case "resolve" -> new PathExpression.Resolve(base, at);
            case "first" -> new PathExpression.Item(base, 0, at);
            default ->
                throw new PathRefused(
                        at, "the function " + name.text() + "() is not understood; allowed are " + FUNCTIONS);
        };
        expect(")");
        return result;
    }

    private PathExpression filter(PathExpression base, int at) {
        int start = peek().at();
        PathExpression condition = or();
        if (!condition.isCondition()) {
            throw new PathRefused(condition.at(), "a condition is expected: a comparison, exists(), is, and, or");
        }
        return new PathExpression.Filter(
                base, condition, source.substring(start, peek().at()).strip(), at);
    }

    private PathExpression extension(PathExpression base, int at) {
        Token url = take();
        if (url.kind() != Kind.TEXT) {
            throw new PathRefused(url.at(), "extension() takes a url between quotes");
        }
        PathExpression condition = new PathExpression.Compare(
                new PathExpression.Child(new PathExpression.Focus(at), "url", at),
                Operator.EQUAL,
                new PathExpression.TextLiteral(url.text(), url.at()),
                at);
        PathExpression extensions = new PathExpression.Child(base, "extension", at);
        return new PathExpression.Filter(extensions, condition, "url='" + url.text() + "'", at);
    }

    private PathExpression item(PathExpression base) {
        int at = take().at();
        Token index = take();
        if (index.kind() != Kind.NUMBER
                || index.text().contains(".")
                || index.text().length() > 6) {
            throw new PathRefused(index.at(), "an index is expected: 0, 1, 2, …");
        }
        expect("]");
        return new PathExpression.Item(base, Integer.parseInt(index.text()), at);
    }

    private String typeName() {
        String name = name();
        if (peek().is(".") && (name.equals("FHIR") || name.equals("System"))) {
            take();
            return name();
        }
        return name;
    }

    private String name() {
        Token token = take();
        if (token.kind() != Kind.NAME && token.kind() != Kind.QUOTED_NAME) {
            throw new PathRefused(token.at(), "the name of a type is expected");
        }
        return token.text();
    }

    private void expect(String symbol) {
        if (!peek().is(symbol)) {
            throw unexpected(symbol);
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

    private PathRefused unexpected(String wanted) {
        return new PathRefused(peek().at(), wanted + " is expected instead of " + shown(peek()));
    }

    private PathRefused unexpected() {
        return new PathRefused(peek().at(), shown(peek()) + " is not understood here");
    }

    private static String shown(Token token) {
        return token.kind() == Kind.END ? "the end" : "\"" + token.text() + "\"";
    }
}
