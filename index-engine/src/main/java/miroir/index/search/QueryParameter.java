package miroir.index.search;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;

/**
 * One parameter of a query, percent-decoded; FHIR's own escapes ({@code \,}) are still in the value.
 *
 * @param name with its modifier: {@code family:exact}
 */
public record QueryParameter(String name, String value) {
    private static final Set<String> OF_ANSWERS = Set.of(
            "_count",
            "_total",
            "_summary",
            "_elements",
            "_format",
            "_pretty",
            "_sort",
            "__explain",
            "_include",
            "_revinclude",
            "_contained",
            "_containedType",
            "_score");

    /** The parameters of the part of a URL behind the question mark, in order; empty pieces are skipped. */
    public static List<QueryParameter> decode(String query) {
        return decode(query, StandardCharsets.UTF_8);
    }

    /** Those of a form, which has the same syntax and may have another charset. */
    public static List<QueryParameter> decode(String query, Charset charset) {
        List<QueryParameter> parameters = new ArrayList<>();
        for (String piece : query.split("&", -1)) {
            if (!piece.isEmpty()) {
                parameters.add(decodeOne(piece, charset));
            }
        }
        return parameters;
    }

    /** Those of a link that has some. */
    public static List<QueryParameter> ofLink(String url) {
        return decode(url.substring(url.indexOf('?') + 1));
    }

    /** Whether it says how a search is answered, and nothing of which resources are meant. */
    public boolean isAboutTheAnswer() {
        return OF_ANSWERS.contains(name.split(":", 2)[0]);
    }

    /** The same parameters as the part of a URL behind the question mark. */
    public static String encode(List<QueryParameter> parameters) {
        return parameters.stream()
                .map(parameter -> escape(parameter.name) + "=" + escape(parameter.value))
                .collect(Collectors.joining("&"));
    }

    private static QueryParameter decodeOne(String piece, Charset charset) {
        int equals = piece.indexOf('=');
        String name = equals < 0 ? piece : piece.substring(0, equals);
        String value = equals < 0 ? "" : piece.substring(equals + 1);
        return new QueryParameter(unescape(name, charset), unescape(value, charset));
    }

    /**
     * Refuses text that cannot be meant: decoders put U+FFFD where bytes are no characters, and the empty answer to a
     * search for that would be a wrong one.
     */
    public void check() {
        String both = name + value;
        if (both.indexOf('\0') >= 0 || both.indexOf('\uFFFD') >= 0) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the parameter \"" + Refusal.shown(name) + "\" has bytes that are not UTF-8 text, or a zero byte");
        }
    }

    private static String unescape(String text, Charset charset) {
        try {
            return URLDecoder.decode(text, charset);
        } catch (IllegalArgumentException badPercent) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(text)
                            + "\" is not percent-encoded; a % is followed by two hexadecimal digits, and a % that is"
                            + " meant itself is written %25");
        }
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":")
                .replace("%2F", "/")
                .replace("%2C", ",")
                .replace("%40", "@");
    }
}
