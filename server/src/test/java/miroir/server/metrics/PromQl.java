package miroir.server.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which metrics and labels an expression of Prometheus uses; refused where Prometheus would refuse it, with the whole file of rules in which it stands.
 *
 * <p>The problem: a dashboard or a rule that names a metric which is not there is no error in Prometheus; it shows nothing, and never alerts. And what is an error is found by who loads it.
 *
 * <p>The approach: the grammar of expressions, read from left to right by the precedence of operators, with the kind of each part: a number, a vector, a range, a text. A function has the kinds of its
 * arguments beside its name. What is not needed here, subqueries and {@code @} among them, is refused, so nothing is taken that was not understood.
 *
 * <p>The cost: a new function or sign is added here by who needs it. That a rate is taken of a counter nobody says here, and neither does Prometheus.
 */
final class PromQl {
    private static final String VARIABLE = "\\$(?:\\w+|\\{\\w+})";
    private static final String DURATION = "(?:[0-9]+(?:ms|[smhdwy]))+";
    private static final Pattern TOKEN = Pattern.compile("\\s+"
            + "|(?<text>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*')"
            + "|(?<range>\\[\\s*(?:" + DURATION + "|" + VARIABLE + ")\\s*])"
            + "|(?<variable>" + VARIABLE + ")"
            + "|(?<duration>" + DURATION + "\\b)"
            + "|(?<number>(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:e[+-]?[0-9]+)?(?![A-Za-z0-9_.]))"
            + "|(?<word>[A-Za-z_:][A-Za-z0-9_:]*)"
            + "|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^=<>(){},])");
    private static final List<String> KINDS_OF_TOKENS =
            List.of("text", "range", "variable", "duration", "number", "word", "sign");

    /** From what binds least. */
    private static final List<Set<String>> OPERATORS = List.of(
            Set.of("or"),
            Set.of("and", "unless"),
            Set.of("==", "!=", ">", "<", ">=", "<="),
            Set.of("+", "-"),
            Set.of("*", "/", "%", "atan2"),
            Set.of("^"));

    private static final int COMPARING = 2;
    private static final Set<String> RESERVED = Set.of(
            "and",
            "or",
            "unless",
            "atan2",
            "bool",
            "offset",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right");
    private static final Set<String> AGGREGATIONS = Set.of("avg", "count", "group", "max", "min", "stddev", "sum");
    private static final Set<String> AGGREGATIONS_BY_NUMBER = Set.of("bottomk", "quantile", "topk");
    private static final Set<String> MATCHES = Set.of("=", "!=", "=~", "!~");

    /** Of hundreds, those that dashboards of requests take, with what they take: a number, a vector, a range, a text. */
    private static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("abs", "v"),
            Map.entry("absent", "v"),
            Map.entry("ceil", "v"),
            Map.entry("changes", "r"),
            Map.entry("clamp_max", "vn"),
            Map.entry("clamp_min", "vn"),
            Map.entry("delta", "r"),
            Map.entry("deriv", "r"),
            Map.entry("floor", "v"),
            Map.entry("histogram_quantile", "nv"),
            Map.entry("increase", "r"),
            Map.entry("irate", "r"),
            Map.entry("label_replace", "vtttt"),
            Map.entry("max_over_time", "r"),
            Map.entry("min_over_time", "r"),
            Map.entry("predict_linear", "rn"),
            Map.entry("rate", "r"),
            Map.entry("round", "v"),
            Map.entry("sort_desc", "v"),
            Map.entry("time", ""),
            Map.entry("vector", "n"));

    private static final char NUMBER = 'n';
    private static final char VECTOR = 'v';
    private static final char RANGE = 'r';
    private static final char TEXT = 't';

    private final String expression;
    private final List<Token> tokens;
    private final Map<String, Set<String>> metrics = new LinkedHashMap<>();
    private final Set<String> grouping = new TreeSet<>();
    private int at;

    private record Token(String kind, String text) {}

    private PromQl(String expression) {
        this.expression = expression;
        this.tokens = tokens(expression);
    }

    /**
     * What an expression uses.
     *
     * @param metrics with the labels that select of each
     * @param labels that group, of any of them
     */
    record Uses(Map<String, Set<String>> metrics, Set<String> labels) {}

    static Uses of(String expression) {
        PromQl reader = new PromQl(expression);
        if (reader.isNext("label_values")) {
            reader.valuesOfALabel();
        } else {
            reader.require(reader.binary(0) != RANGE, "a range, which is no value");
        }
        reader.require(reader.at == reader.tokens.size(), "something behind its end");
        return new Uses(reader.metrics, reader.grouping);
    }

    private static List<Token> tokens(String expression) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            for (String kind : KINDS_OF_TOKENS) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group()));
                }
            }
        }
        if (end != expression.length()) {
            throw new IllegalArgumentException("at " + end + " of " + expression + " is nothing that is known");
        }
        return tokens;
    }

    private void require(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException("before token " + at + " of " + expression + " is " + otherwise);
        }
    }

    private Token next() {
        require(at < tokens.size(), "the end, where something is missing");
        return tokens.get(at++);
    }

    private void next(String text) {
        Token token = next();
        require(!token.kind().equals("text") && token.text().equals(text), token.text() + " instead of " + text);
    }

    private String next(Set<String> kinds) {
        Token token = next();
        require(kinds.contains(token.kind()), token.text() + ", which is none of " + kinds);
        return token.text();
    }

    private boolean isNext(String text) {
        return at < tokens.size()
                && !tokens.get(at).kind().equals("text")
                && tokens.get(at).text().equals(text);
    }

    private boolean isNextKind(String kind) {
        return at < tokens.size() && tokens.get(at).kind().equals(kind);
    }

    private boolean taken(String text) {
        boolean isSo = isNext(text);
        if (isSo) {
            at++;
        }
        return isSo;
    }

    /** Operators of that level and of those that bind more. */
    private char binary(int level) {
        if (level == OPERATORS.size()) {
            return signed();
        }
        char left = binary(level + 1);
        while (isOperator(level)) {
            at++;
            boolean isBool = level == COMPARING && taken("bool");
            boolean isMatching = matching(level);
            left = both(level, left, binary(level + 1), isBool, isMatching);
        }
        return left;
    }

    private boolean isOperator(int level) {
        return OPERATORS.get(level).stream().anyMatch(this::isNext);
    }

    /** Of which kind something is does not depend on how much its sign binds. */
    private char signed() {
        if (taken("-") || taken("+")) {
            char of = signed();
            require(isValue(of), "a sign of what has none");
            return of;
        }
        return postfix();
    }

    private char both(int level, char left, char right, boolean isBool, boolean isMatching) {
        boolean isOfVectors = left == VECTOR && right == VECTOR;
        require(isValue(left) && isValue(right), "an operator of what has none");
        require(isOfVectors || level >= COMPARING, "and, or, or unless, of a number");
        require(isOfVectors || !isMatching, "labels that match, of a number");
        require(level != COMPARING || isBool || left == VECTOR || right == VECTOR, "two numbers compared without bool");
        return left == NUMBER && right == NUMBER ? NUMBER : VECTOR;
    }

    private static boolean isValue(char kind) {
        return kind == NUMBER || kind == VECTOR;
    }

    private boolean matching(int level) {
        if (!taken("on") && !taken("ignoring")) {
            return false;
        }
        labels();
        if (taken("group_left") || taken("group_right")) {
            require(level >= COMPARING, "a group of and, or, or unless");
            if (isNext("(")) {
                labels();
            }
        }
        return true;
    }

    private void labels() {
        next("(");
        while (!taken(")")) {
            grouping.add(next(Set.of("word")));
            if (!isNext(")")) {
                next(",");
            }
        }
    }

    private char postfix() {
        boolean isSelector = isSelector();
        char kind = primary();
        if (isNextKind("range")) {
            require(isSelector, "a range of what is no metric");
            at++;
            kind = RANGE;
        }
        if (taken("offset")) {
            require(isSelector, "an offset of what is no metric");
            taken("-");
            next(Set.of("duration"));
        }
        return kind;
    }

    private boolean isSelector() {
        boolean isCall = at + 1 < tokens.size()
                && Set.of("(", "by", "without").contains(tokens.get(at + 1).text());
        return isNextKind("word") && !isCall;
    }

    private char primary() {
        if (taken("(")) {
            char inside = binary(0);
            next(")");
            return inside;
        }
        if (isNextKind("text")) {
            at++;
            return TEXT;
        }
        if (!isNextKind("word")) {
            next(Set.of("number", "variable"));
            return NUMBER;
        }
        return isSelector() ? metric() : call();
    }

    private char metric() {
        String name = next(Set.of("word"));
        require(!RESERVED.contains(name), name + ", which is no metric");
        Set<String> selecting = metrics.computeIfAbsent(name, any -> new TreeSet<>());
        if (taken("{")) {
            while (!taken("}")) {
                selecting.add(next(Set.of("word")));
                String match = next(Set.of("sign"));
                require(MATCHES.contains(match), match + " between a label and its value");
                next(Set.of("text"));
                if (!isNext("}")) {
                    next(",");
                }
            }
        }
        return VECTOR;
    }

    private char call() {
        String name = next(Set.of("word"));
        boolean isByNumber = AGGREGATIONS_BY_NUMBER.contains(name);
        if (isByNumber || AGGREGATIONS.contains(name)) {
            boolean isGrouped = grouped();
            arguments(isByNumber ? "nv" : "v");
            require(!grouped() || !isGrouped, "grouped twice");
            return VECTOR;
        }
        require(FUNCTIONS.containsKey(name), name + ", which is no function, and no aggregation");
        arguments(Objects.requireNonNull(FUNCTIONS.get(name)));
        return name.equals("time") ? NUMBER : VECTOR;
    }

    private boolean grouped() {
        boolean isGrouped = taken("by") || taken("without");
        if (isGrouped) {
            labels();
        }
        return isGrouped;
    }

    private void arguments(String kinds) {
        next("(");
        for (int i = 0; i < kinds.length(); i++) {
            if (i > 0) {
                next(",");
            }
            char given = binary(0);
            require(given == kinds.charAt(i), "an argument of another kind: " + given + " and not " + kinds.charAt(i));
        }
        next(")");
    }

    /** Grafana's own: a metric, and one of its labels. */
    private void valuesOfALabel() {
        at++;
        next("(");
        metric();
        next(",");
        grouping.add(next(Set.of("word")));
        next(")");
    }
}
