package miroir.server.fhir;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import org.jspecify.annotations.Nullable;

/** The formats that are spoken: JSON in, JSON out. Everything else is refused by name, never answered in another format. */
final class JsonOnly {
    private static final Set<String> JSON = Set.of("application/fhir+json", "application/json", "text/json");
    private static final Set<String> RANGES = Set.of("*/*", "application/*");
    private static final String ALLOWED = "; allowed: application/fhir+json";

    private JsonOnly() {}

    /** Refuses an answer format that cannot be given; {@code _format} decides alone where it is given. */
    static void checkAnswer(HttpServletRequest request, List<QueryParameter> query) {
        List<String> formats = query.stream()
                .filter(parameter -> parameter.name().equals("_format"))
                .map(QueryParameter::value)
                .distinct()
                .toList();
        if (!formats.isEmpty()) {
            checkFormats(formats);
            return;
        }
        String accept = request.getHeader("Accept");
        if (accept != null && !accept.isBlank() && !acceptsJson(accept)) {
            throw notAcceptable("Accept: " + accept);
        }
    }

    private static void checkFormats(List<String> formats) {
        if (formats.size() > 1) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "_format is given as " + String.join(" and as ", formats) + "; allowed is one value");
        }
        // A plus sign that was not percent-encoded arrives as a space.
        String format = mediaType(formats.get(0).replace(' ', '+'));
        if (!format.equals("json") && !JSON.contains(format)) {
            throw notAcceptable("_format=" + formats.get(0));
        }
    }

    /** Refuses a body that is not JSON in UTF-8. */
    static void checkBody(HttpServletRequest request) {
        String contentType = request.getContentType();
        if (contentType == null || !JSON.contains(mediaType(contentType))) {
            String found =
                    contentType == null ? "a body without Content-Type" : "a body of Content-Type " + contentType;
            throw new Refusal(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, found + ALLOWED);
        }
        String charset = parameter(contentType, "charset");
        if (charset != null && !charset.equals("utf-8")) {
            throw new Refusal(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, "a body in " + charset + "; allowed: utf-8");
        }
        checkVersion(contentType, Refusal.Reason.UNSUPPORTED_MEDIA_TYPE);
    }

    private static boolean acceptsJson(String accept) {
        for (String range : accept.split(",", -1)) {
            String type = mediaType(range);
            if ((JSON.contains(type) || RANGES.contains(type)) && !isRefused(range)) {
                checkVersion(range, Refusal.Reason.NOT_ACCEPTABLE);
                return true;
            }
        }
        return false;
    }

    private static boolean isRefused(String range) {
        String quality = parameter(range, "q");
        return quality != null && quality.matches("0(\\.0*)?");
    }

    private static void checkVersion(String mediaType, Refusal.Reason reason) {
        String version = parameter(mediaType, "fhirversion");
        if (version != null && !version.equals("4.0")) {
            throw new Refusal(reason, "fhirVersion=" + version + "; allowed: 4.0");
        }
    }

    private static String mediaType(String text) {
        int semicolon = text.indexOf(';');
        return (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String parameter(String mediaType, String name) {
        for (String part : mediaType.toLowerCase(Locale.ROOT).split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.substring(0, equals).strip().equals(name)) {
                return part.substring(equals + 1).strip().replace("\"", "");
            }
        }
        return null;
    }

    private static Refusal notAcceptable(String asked) {
        return new Refusal(Refusal.Reason.NOT_ACCEPTABLE, asked + " is not a format that is given here" + ALLOWED);
    }
}
