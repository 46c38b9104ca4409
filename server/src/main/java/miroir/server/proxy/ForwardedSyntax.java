package miroir.server.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;

/**
 * Reads the header {@code Forwarded} (RFC 7239, section 4): elements with commas between them, each with pairs of names and values
 * between semicolons, where a value is a token or a quoted string. What a client sends stands before what gateways add to it,
 * and an open quote there would swallow the rest; that can only come to something which is not of this syntax, since an address that
 * needs quotes does not begin with a comma or a semicolon. So all of it is read, and refused where any of it cannot be.
 */
final class ForwardedSyntax {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"((?:[\\t \\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\\t \\x21-\\x7E])*+)\"";
    private static final Pattern PAIR = Pattern.compile("(" + TOKEN + ")=(?:(" + TOKEN + ")|" + QUOTED + ")");
    private static final Pattern NOTHING = Pattern.compile("[, \\t]*");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    private final String text;
    private final List<Hop> hops = new ArrayList<>();
    private final Map<String, String> pairs = new HashMap<>();
    private int at;

    private ForwardedSyntax(String text) {
        this.text = text;
    }

    /** The hops in their order, the one that the client spoke to first. */
    static List<Hop> read(String text) {
        ForwardedSyntax reader = new ForwardedSyntax(text);
        reader.readAll();
        return reader.hops;
    }

    private void readAll() {
        if (NOTHING.matcher(text).matches()) {
            return;
        }
        while (at <= text.length()) {
            skipSpace();
            readPair();
            skipSpace();
            if (at == text.length() || text.charAt(at) == ',') {
                endElement();
            } else if (text.charAt(at) != ';') {
                throw refused();
            }
            at++;
        }
    }

    /** Elements may be empty, and pairs may be missing between semicolons. */
    private void readPair() {
        if (at == text.length() || text.charAt(at) == ',' || text.charAt(at) == ';') {
            return;
        }
        Matcher pair = PAIR.matcher(text).region(at, text.length());
        if (!pair.lookingAt()) {
            throw refused();
        }
        at = pair.end();
        String quoted = pair.group(3);
        String value = quoted == null ? pair.group(2) : ESCAPED.matcher(quoted).replaceAll("$1");
        if (pairs.put(pair.group(1).toLowerCase(Locale.ROOT), value) != null) {
            throw refused();
        }
    }

    private void endElement() {
        hops.add(new Hop(pairs.get("for"), pairs.get("proto"), pairs.get("host"), null, null));
        pairs.clear();
    }

    private void skipSpace() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private Refusal refused() {
        return new Refusal(
                Refusal.Reason.INVALID,
                "the header Forwarded: " + Refusal.shown(text) + " cannot be read; RFC 7239 has it as"
                        + " for=192.0.2.1;proto=https;host=example.org, one of them for each gateway");
    }
}
