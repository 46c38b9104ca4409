package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * A request that means the same as a GET, shown as one: HEAD, whose body the HTTP layer leaves out, and {@code POST
 * [type]/_search}, whose parameters stand in the URL, in the body or in both. HAPI routes neither as FHIR wants it.
 */
final class AsGet extends HttpServletRequestWrapper {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String SEARCH = "/_search";

    private final String uri;
    private final @Nullable String query;

    private AsGet(HttpServletRequest request, String uri, @Nullable String query) {
        super(request);
        this.uri = uri;
        this.query = query;
    }

    /** The request as it is, unless it means a GET and is none. */
    static HttpServletRequest orSame(HttpServletRequest request, Route route) throws IOException {
        if (request.getMethod().equals("HEAD")) {
            return new AsGet(request, request.getRequestURI(), request.getQueryString());
        }
        if (route.interaction() == Interaction.SEARCH_TYPE
                && request.getMethod().equals("POST")) {
            String uri = request.getRequestURI();
            String form = form(request);
            String query = request.getQueryString();
            String both = query == null || form.isEmpty() ? query == null ? form : query : query + "&" + form;
            return new AsGet(request, uri.substring(0, uri.length() - SEARCH.length()), both.isEmpty() ? null : both);
        }
        return request;
    }

    @Override
    public String getMethod() {
        return "GET";
    }

    @Override
    public String getRequestURI() {
        return uri;
    }

    @Override
    public @Nullable String getQueryString() {
        return query;
    }

    /** HAPI asks for these where there is no query string; the container would read the body for them. */
    @Override
    public Map<String, String[]> getParameterMap() {
        return Map.of();
    }

    private static String form(HttpServletRequest request) throws IOException {
        Charset charset = charset(request.getContentType());
        String body = new String(request.getInputStream().readAllBytes(), charset);
        List<QueryParameter> parameters = new ArrayList<>();
        for (String piece : body.split("&", -1)) {
            if (!piece.isBlank()) {
                int equals = piece.indexOf('=');
                parameters.add(new QueryParameter(
                        decoded(equals < 0 ? piece : piece.substring(0, equals), charset),
                        decoded(equals < 0 ? "" : piece.substring(equals + 1), charset)));
            }
        }
        return QueryParameter.encode(parameters);
    }

    private static String decoded(String text, Charset charset) {
        try {
            return URLDecoder.decode(text.strip(), charset);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + text.strip()
                            + "\" in the body is not percent-encoded: a % stands before two hexadecimal digits");
        }
    }

    private static Charset charset(@Nullable String contentType) {
        String[] parts = contentType == null ? new String[] {""} : contentType.split(";", -1);
        if (!parts[0].strip().toLowerCase(Locale.ROOT).equals(FORM)) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "the body of a search is " + FORM + ", not of Content-Type " + contentType);
        }
        return Arrays.stream(parts)
                .map(String::strip)
                .filter(part -> part.toLowerCase(Locale.ROOT).startsWith("charset="))
                .map(part -> part.substring("charset=".length()).replace("\"", ""))
                .findFirst()
                .map(AsGet::named)
                .orElse(StandardCharsets.UTF_8);
    }

    private static Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Refusal(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, "the charset " + name + " is not known here");
        }
    }
}
