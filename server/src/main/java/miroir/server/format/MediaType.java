package miroir.server.format;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A media type or a range of them, with its parameters.
 *
 * @param name in lower case, such as {@code application/fhir+json} or {@code text/*}
 * @param parameters names and values in lower case
 */
record MediaType(String name, Map<String, String> parameters) {
    /** Some clients, Java's own among them, leave out the zero before the point. */
    private static final Pattern QUALITY = Pattern.compile("[01]|[01]?\\.[0-9]{0,9}");

    MediaType {
        parameters = Map.copyOf(parameters);
    }

    static MediaType parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(";", -1);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                String value = parts[i].substring(equals + 1).strip().replace("\"", "");
                parameters.put(parts[i].substring(0, equals).strip(), value);
            }
        }
        String name = parts[0].strip();
        return new MediaType(name.equals("*") ? "*/*" : name, parameters);
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    /** Whether it is of R4, or says nothing of a version. */
    boolean isOfOurVersion() {
        return parameters.getOrDefault("fhirversion", "4.0").equals("4.0");
    }

    /** How much the client wants it: from 0, not at all, to 1. */
    double quality() {
        String quality = parameters.getOrDefault("q", "1");
        if (!QUALITY.matcher(quality).matches() || quality.equals(".")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "Accept: " + Refusal.shown(name + ";q=" + quality) + "; allowed is q from 0 to 1");
        }
        return Math.min(1, Double.parseDouble(quality));
    }

    /** How closely this range fits a media type: 3 for the type itself, 1 for any type, 0 where it does not fit. */
    int closeness(String mediaType) {
        if (name.equals(mediaType)) {
            return 3;
        }
        if (name.equals("*/*")) {
            return 1;
        }
        return name.endsWith("/*") && mediaType.startsWith(name.substring(0, name.length() - 1)) ? 2 : 0;
    }
}
