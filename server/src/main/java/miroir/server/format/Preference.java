package miroir.server.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A wish of the client that is fulfilled: one of {@code Prefer} (RFC 7240). Of several of one name the first counts. A
 * wish that is not understood is not an error but ignored, as the RFC wants it; {@code Preference-Applied} tells the client
 * which ones were not.
 */
public record Preference(String name, String value) {
    public static final String APPLIED = "Preference-Applied";

    /** The preference of that name, if its value is one of those that have a meaning here; letter case does not count. */
    public static Optional<Preference> of(Collection<String> headers, String name, String... meaningful) {
        return headers.stream()
                .flatMap(header -> split(header, ',').stream())
                .map(preference -> split(preference, ';').get(0))
                .filter(preference -> nameOf(preference).equalsIgnoreCase(name))
                .findFirst()
                .flatMap(preference -> known(valueOf(preference), meaningful))
                .map(value -> new Preference(name, value));
    }

    private static Optional<String> known(String value, String... meaningful) {
        return List.of(meaningful).stream().filter(value::equalsIgnoreCase).findFirst();
    }

    private static String nameOf(String preference) {
        int equals = preference.indexOf('=');
        return (equals < 0 ? preference : preference.substring(0, equals)).strip();
    }

    private static String valueOf(String preference) {
        int equals = preference.indexOf('=');
        String value = equals < 0 ? "" : preference.substring(equals + 1).strip();
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** The pieces between separators, of which those in quotes are none. */
    private static List<String> split(String text, char separator) {
        List<String> pieces = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                pieces.add(text.substring(start, i));
                start = i + 1;
            }
        }
        pieces.add(text.substring(start));
        return pieces;
    }

    /** As {@code Preference-Applied} has it. */
    @Override
    public String toString() {
        return name + "=" + value;
    }
}
