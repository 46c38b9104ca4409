package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;

/** The parameters in the body of a search by POST: {@code POST [type]/_search} and the like. */
final class SearchForm {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Those in which the syntax of a form is ASCII. */
    private static final List<Charset> CHARSETS = List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.ISO_8859_1,
            Charset.forName("windows-1252"),
            StandardCharsets.US_ASCII);

    private SearchForm() {}

    /** Whether a body says that it is one. */
    static boolean isIn(HttpServletRequest request) {
        String contentType = request.getHeader("Content-Type");
        return contentType != null && isForm(contentType.split(";", -1)[0]);
    }

    private static boolean isForm(String mediaType) {
        return mediaType.strip().toLowerCase(Locale.ROOT).equals(FORM);
    }

    static List<QueryParameter> read(HttpServletRequest request) throws IOException {
        byte[] bytes = request.getInputStream().readAllBytes();
        String contentType = request.getHeader("Content-Type");
        if (bytes.length == 0 && contentType == null) {
            return List.of();
        }
        Charset charset = charset(contentType == null ? "" : contentType);
        return QueryParameter.decode(new String(bytes, charset).strip(), charset);
    }

    private static Charset charset(String contentType) {
        String[] parts = contentType.split(";", -1);
        if (!isForm(parts[0])) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "the body of a search has the Content-Type " + FORM + ", not "
                            + (contentType.isEmpty() ? "none" : Refusal.shown(contentType)));
        }
        return Arrays.stream(parts)
                .map(String::strip)
                .filter(part -> part.toLowerCase(Locale.ROOT).startsWith("charset="))
                .map(part -> part.substring("charset=".length()).replace("\"", ""))
                .findFirst()
                .map(SearchForm::named)
                .orElse(StandardCharsets.UTF_8);
    }

    private static Charset named(String name) {
        try {
            Charset charset = Charset.forName(name);
            if (!CHARSETS.contains(charset)) {
                throw new UnsupportedCharsetException(name);
            }
            return charset;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "a form in the charset " + Refusal.shown(name) + " is not read here; allowed: "
                            + CHARSETS.stream().map(Charset::name).collect(Collectors.joining(", ")));
        }
    }
}
