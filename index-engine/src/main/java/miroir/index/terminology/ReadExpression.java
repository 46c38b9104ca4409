package miroir.index.terminology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads a regular expression: letters, {@code .}, escapes and classes as Java knows them, groups, alternatives, {@code *},
 * {@code +}, <code>?</code>, <code>{n,m}</code>, {@code ^} and {@code $}. It has as many calls within each other as there are open
 * parentheses, so that its length is bounded.
 */
final class ReadExpression {
    static final int LONGEST = 200;
    private static final Pattern COUNTS = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?\\}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([dDwWsStnrf]|[pP](\\{[^}]*\\}|[A-Z])|[^A-Za-z0-9])");
    private static final String NO_LETTERS = "*+?{}()|";

    private final String text;
    private int at;

    private ReadExpression(String text) {
        this.text = text;
    }

    /** Throws {@link IllegalArgumentException}, which says why it cannot be read. */
    static Expression of(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("it has " + text.length() + " letters; allowed are " + LONGEST);
        }
        ReadExpression reading = new ReadExpression(text);
        Expression whole = reading.either();
        if (reading.at < text.length()) {
            throw reading.unreadable();
        }
        return whole;
    }

    private Expression either() {
        List<Expression> parts = new ArrayList<>(List.of(sequence()));
        while (take("|")) {
            parts.add(sequence());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Either(parts);
    }

    private Expression sequence() {
        List<Expression> parts = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            parts.add(repeated(one()));
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Sequence(parts);
    }

    private Expression repeated(Expression part) {
        Matcher counts = COUNTS.matcher(text).region(at, text.length());
        if (counts.lookingAt()) {
            at = counts.end();
            return counted(part, counts);
        }
        if (take("*")) {
            return new Expression.Repeated(part, 0, Integer.MAX_VALUE);
        }
        if (take("+")) {
            return new Expression.Repeated(part, 1, Integer.MAX_VALUE);
        }
        return take("?") ? new Expression.Repeated(part, 0, 1) : part;
    }

    private Expression counted(Expression part, Matcher counts) {
        int least = Integer.parseInt(counts.group(1));
        int most = counts.group(2) == null
                ? least
                : counts.group(3).isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(counts.group(3));
        if (most < least) {
            throw new IllegalArgumentException("\"" + counts.group() + "\" is upside down");
        }
        return new Expression.Repeated(part, least, most);
    }

    private Expression one() {
        if (take("(?:") || take("(")) {
            Expression group = either();
            if (!take(")")) {
                throw unreadable();
            }
            return group;
        }
        if (take("^")) {
            return new Expression.Edge(false);
        }
        return take("$") ? new Expression.Edge(true) : new Expression.Letter(letter());
    }

    private IntPredicate letter() {
        int start = at;
        char first = text.charAt(at);
        if (first == '[' || first == '\\' || first == '.') {
            at = first == '.' ? at + 1 : first == '[' ? endOfClass() : endOfEscape();
            return compiled(text.substring(start, at));
        }
        if (NO_LETTERS.indexOf(first) >= 0) {
            throw unreadable();
        }
        int letter = text.codePointAt(at);
        at += Character.charCount(letter);
        return other -> other == letter;
    }

    private IntPredicate compiled(String letters) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(letters);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + letters + "\" is no set of letters", e);
        }
        return letter -> pattern.matcher(Character.toString(letter)).matches();
    }

    /** Behind the bracket that closes it; there may be classes within classes. */
    private int endOfClass() {
        int open = 0;
        for (int i = at; i < text.length(); i++) {
            char each = text.charAt(i);
            open += each == '[' ? 1 : each == ']' ? -1 : 0;
            i += each == '\\' ? 1 : 0;
            if (open == 0) {
                return i + 1;
            }
        }
        throw unreadable();
    }

    private int endOfEscape() {
        Matcher escape = ESCAPE.matcher(text).region(at, text.length());
        if (!escape.lookingAt()) {
            throw unreadable();
        }
        return escape.end();
    }

    private boolean take(String next) {
        boolean isNext = text.startsWith(next, at);
        at += isNext ? next.length() : 0;
        return isNext;
    }

    private IllegalArgumentException unreadable() {
        return new IllegalArgumentException(
                "\"" + text.substring(at)
                        + "\" cannot be read; allowed are letters, ., classes, escapes of letters, ( ), |, *, +, ?, {n,m}, ^ and $");
    }
}
