package miroir.server.console;

/** JSON as people read it, letter by letter as it came but for the space between its parts; also where it is cut off, or is none. What gets long by that ends as it came. */
final class IndentedJson {
    private static final String STEP = "  ";

    /** It is sent with each look at a page, and a source must not make much of little. */
    private static final int LONGEST = 64_000;

    private final String json;
    private final StringBuilder text = new StringBuilder();
    private int depth;

    private IndentedJson(String json) {
        this.json = json;
    }

    static String of(String json) {
        return new IndentedJson(json).indent();
    }

    private String indent() {
        for (int at = 0; at < json.length(); at++) {
            char each = json.charAt(at);
            if (text.length() > LONGEST) {
                return text.append(json, at, json.length()).toString();
            }
            if (each == '"') {
                int end = endOfText(at);
                text.append(json, at, end);
                at = end - 1;
            } else if (isEmpty(at)) {
                text.append(each);
                at = next(at);
                text.append(json.charAt(at));
            } else if (!Character.isWhitespace(each)) {
                add(each);
            }
        }
        return text.toString();
    }

    /** Whether something begins here that ends at once. */
    private boolean isEmpty(int at) {
        char each = json.charAt(at);
        if (each != '{' && each != '[') {
            return false;
        }
        int next = next(at);
        return next < json.length() && json.charAt(next) == (each == '{' ? '}' : ']');
    }

    /** Where what follows is, behind what is blank. */
    private int next(int at) {
        int next = at + 1;
        while (next < json.length() && Character.isWhitespace(json.charAt(next))) {
            next++;
        }
        return next;
    }

    private void add(char each) {
        switch (each) {
            case '{', '[' -> {
                text.append(each);
                depth++;
                breakLine();
            }
            case '}', ']' -> {
                depth = Math.max(0, depth - 1);
                breakLine();
                text.append(each);
            }
            case ',' -> {
                text.append(each);
                breakLine();
            }
            case ':' -> text.append(": ");
            default -> text.append(each);
        }
    }

    private void breakLine() {
        text.append('\n').append(STEP.repeat(Math.min(depth, 40)));
    }

    /** Behind its closing quotes, or where all ends. */
    private int endOfText(int begin) {
        for (int at = begin + 1; at < json.length(); at++) {
            char each = json.charAt(at);
            if (each == '\\') {
                at++;
            } else if (each == '"') {
                return at + 1;
            }
        }
        return json.length();
    }
}
