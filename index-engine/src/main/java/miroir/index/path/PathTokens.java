package miroir.index.path;

import java.util.ArrayList;
import java.util.List;

/** Cuts the text of an expression into tokens. */
public final class PathTokens {
    /** What a token is. */
    public enum Kind {
        NAME,
        /** Between backquotes: always a name, never a word of the language. */
        QUOTED_NAME,
        TEXT,
        NUMBER,
        /** Behind an at sign: a date, with or without a time, or a time behind a T. */
        MOMENT,
        SYMBOL,
        END
    }

    /** One token; {@code text} without quotes and escapes. */
    public record Token(Kind kind, String text, int at, int end) {
        /** Whether it is this sign or this word. */
        public boolean is(String symbol) {
            return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbol);
        }
    }

    private static final String SIGNS = ".|()[]=<>-,";
    private static final String SIGNS_OF_ARITHMETIC = "+*/&";
    private static final String IN_MOMENTS = "-:.TZ+";

    private final String source;
    private final boolean calculates;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private PathTokens(String source, boolean calculates) {
        this.source = source;
        this.calculates = calculates;
    }

    /** The tokens, closed by one of kind END. */
    static List<Token> of(String source) {
        return new PathTokens(source, false).read();
    }

    /** The same where there are dates and arithmetic too. */
    public static List<Token> ofCalculation(String source) {
        return new PathTokens(source, true).read();
    }

    private List<Token> read() {
        while (skipSpace()) {
            tokens.add(next());
        }
        tokens.add(new Token(Kind.END, "", source.length(), source.length()));
        return tokens;
    }

    private boolean skipSpace() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at < source.length();
    }

    private Token next() {
        char c = source.charAt(at);
        if (c == '\'') {
            return quoted('\'', Kind.TEXT);
        }
        if (c == '`') {
            return quoted('`', Kind.QUOTED_NAME);
        }
        if (isDigit(c)) {
            return run(Kind.NUMBER);
        }
        if (c == '@' && calculates) {
            return moment();
        }
        if (isLetter(c) || ((c == '$' || c == '%') && at + 1 < source.length() && isLetter(source.charAt(at + 1)))) {
            return run(Kind.NAME);
        }
        return symbol();
    }

    private Token run(Kind kind) {
        int start = at++;
        while (at < source.length() && belongs(kind, source.charAt(at))) {
            at++;
        }
        return new Token(kind, source.substring(start, at), start, at);
    }

    private boolean belongs(Kind kind, char c) {
        if (kind == Kind.NAME) {
            return isLetter(c) || isDigit(c);
        }
        return isDigit(c) || (c == '.' && at + 1 < source.length() && isDigit(source.charAt(at + 1)));
    }

    private Token symbol() {
        int start = at;
        String two = source.substring(at, Math.min(at + 2, source.length()));
        at += two.equals("!=") || two.equals("<=") || two.equals(">=") ? 2 : 1;
        String symbol = source.substring(start, at);
        if (symbol.length() == 1 && !isSign(symbol.charAt(0))) {
            throw new PathRefused(start, "\"" + symbol + "\" is not understood here");
        }
        return new Token(Kind.SYMBOL, symbol, start, at);
    }

    private boolean isSign(char c) {
        return SIGNS.indexOf(c) >= 0 || (calculates && SIGNS_OF_ARITHMETIC.indexOf(c) >= 0);
    }

    private Token moment() {
        int start = at++;
        while (at < source.length() && isInMoment(source.charAt(at))) {
            at++;
        }
        if (at == start + 1) {
            throw new PathRefused(start, "a date is expected behind @, such as @2026-01-31");
        }
        return new Token(Kind.MOMENT, source.substring(start + 1, at), start, at);
    }

    private boolean isInMoment(char c) {
        boolean isStep = c == '.' && (at + 1 == source.length() || !isDigit(source.charAt(at + 1)));
        return isDigit(c) || (IN_MOMENTS.indexOf(c) >= 0 && !isStep);
    }

    private Token quoted(char quote, Kind kind) {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (at < source.length() && source.charAt(at) != quote) {
            text.append(source.charAt(at) == '\\' ? escaped() : source.charAt(at));
            at++;
        }
        if (at == source.length()) {
            throw new PathRefused(start, "the closing " + quote + " is missing");
        }
        at++;
        if (kind == Kind.QUOTED_NAME && text.isEmpty()) {
            throw new PathRefused(start, "a name is empty");
        }
        return new Token(kind, text.toString(), start, at);
    }

    private char escaped() {
        at++;
        char c = at < source.length() ? source.charAt(at) : ' ';
        return switch (c) {
            case '\'', '"', '`', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'f' -> '\f';
            default ->
                throw new PathRefused(
                        at - 1, "\"\\" + c + "\" is not an escape; allowed are \\' \\\" \\` \\\\ \\/ \\n \\r \\t \\f");
        };
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
