package miroir.server.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which metrics and labels an expression of Prometheus uses.
 *
 * <p>The problem: a dashboard or a rule that names a metric which is not there is no error in Prometheus; it shows nothing, and never alerts.
 *
 * <p>The approach: the expression is cut into words, texts, numbers and signs. What a word is follows from its neighbours, and no tree is needed: before a parenthesis it is a function, or
 * an aggregation; within braces, before a comparison, it is the label of the metric before them; within the parentheses after {@code by}, {@code without}, {@code on}, {@code ignoring} and
 * {@code group_left} it is a label of some metric of the expression; a few words are operators; every other one is a metric. Durations in brackets are left out, and so
 * are variables of Grafana.
 *
 * <p>What does not follow these rules is refused, so that nothing is overlooked: a sign that is none, a text that does not end, a parenthesis that is not closed. It is no check of types: that
 * a rate is taken of a counter, for instance, nobody says here.
 */
final class PromQl {
    private static final Pattern TOKEN = Pattern.compile("\\s+"
            + "|(?<text>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*')"
            + "|(?<range>\\[[^\\]]*])"
            + "|(?<variable>\\$(?:\\w+|\\{\\w+}))"
            + "|(?<number>[0-9.]+(?:e[+-]?[0-9]+)?[a-z]*)"
            + "|(?<word>[A-Za-z_:][A-Za-z0-9_:]*)"
            + "|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^=<>(){},])");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset", "atan2");
    private static final Set<String> OF_LABELS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> AGGREGATIONS =
            Set.of("avg", "bottomk", "count", "group", "max", "min", "quantile", "stddev", "sum", "topk");

    /** Of hundreds, those that dashboards of requests take; another one is added here by who needs it. */
    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "absent",
            "ceil",
            "clamp_max",
            "clamp_min",
            "delta",
            "deriv",
            "floor",
            "histogram_quantile",
            "increase",
            "irate",
            "label_replace",
            "max_over_time",
            "min_over_time",
            "predict_linear",
            "rate",
            "round",
            "sort_desc",
            "time",
            "vector");

    private static final Set<String> COMPARISONS = Set.of("=", "!=", "=~", "!~");

    private final List<String> tokens;
    private final Map<String, Set<String>> metrics = new LinkedHashMap<>();
    private final Set<String> grouping = new TreeSet<>();
    private int at;

    private PromQl(List<String> tokens) {
        this.tokens = tokens;
    }

    /**
     * What an expression uses.
     *
     * @param metrics with the labels that select of each
     * @param labels that group, of any of them
     */
    record Uses(Map<String, Set<String>> metrics, Set<String> labels) {}

    static Uses of(String expression) {
        PromQl reader = new PromQl(tokens(expression));
        reader.expression();
        if (reader.at < reader.tokens.size()) {
            throw new IllegalArgumentException("one parenthesis too many in " + expression);
        }
        return new Uses(reader.metrics, reader.grouping);
    }

    private static List<String> tokens(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() != end) {
                break;
            }
            end = matcher.end();
            if (matcher.group("word") != null || matcher.group("sign") != null) {
                tokens.add(matcher.group());
            } else if (matcher.group("text") != null) {
                tokens.add("\"");
            } else if (matcher.group("number") != null || matcher.group("variable") != null) {
                tokens.add("0");
            }
        }
        if (end != expression.length()) {
            throw new IllegalArgumentException("at " + end + " of " + expression + " is nothing that is known");
        }
        return tokens;
    }

    private String next() {
        if (at == tokens.size()) {
            throw new IllegalArgumentException("something is not closed in " + String.join(" ", tokens));
        }
        return tokens.get(at++);
    }

    private boolean isNext(String sign) {
        return at < tokens.size() && tokens.get(at).equals(sign);
    }

    private static boolean isWord(String token) {
        return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
    }

    /** Until its parenthesis is closed, or the end. */
    private void expression() {
        while (at < tokens.size() && !isNext(")")) {
            String token = next();
            if (token.equals("(")) {
                inside();
            } else if (OF_LABELS.contains(token)) {
                labels(token);
            } else if (isWord(token) && !OPERATORS.contains(token)) {
                named(token);
            } else if (token.equals("{") || token.equals("}")) {
                throw new IllegalArgumentException("braces without a metric in " + String.join(" ", tokens));
            }
        }
    }

    private void inside() {
        expression();
        if (!next().equals(")")) {
            throw new IllegalArgumentException("no closing parenthesis in " + String.join(" ", tokens));
        }
    }

    private void labels(String word) {
        if (!isNext("(")) {
            if (word.startsWith("group_")) {
                return;
            }
            throw new IllegalArgumentException("no labels after " + word);
        }
        at++;
        for (String token = next(); !token.equals(")"); token = next()) {
            if (isWord(token)) {
                grouping.add(token);
            }
        }
    }

    /** A function of what follows, an aggregation that says by what first, or a metric. */
    private void named(String word) {
        if (word.equals("label_values")) {
            valuesOfALabel();
        } else if (isNext("(")) {
            requireKnown(word, FUNCTIONS.contains(word) || AGGREGATIONS.contains(word));
            at++;
            inside();
        } else if (isNext("by") || isNext("without")) {
            requireKnown(word, AGGREGATIONS.contains(word));
        } else {
            Set<String> selecting = metrics.computeIfAbsent(word, any -> new TreeSet<>());
            if (isNext("{")) {
                at++;
                select(selecting);
            }
        }
    }

    private static void requireKnown(String word, boolean isKnown) {
        if (!isKnown) {
            throw new IllegalArgumentException(word + " is no function, and no aggregation");
        }
    }

    private void select(Set<String> selecting) {
        String before = "";
        for (String token = next(); !token.equals("}"); token = next()) {
            if (COMPARISONS.contains(token)) {
                selecting.add(before);
            }
            before = token;
        }
    }

    /** Grafana's own: a metric, and one of its labels. */
    private void valuesOfALabel() {
        next();
        named(next());
        if (next().equals(",")) {
            grouping.add(next());
            next();
        }
    }
}
