package miroir.server.pipeline;

import java.util.Locale;
import java.util.regex.Pattern;
import miroir.index.Refusal;

/**
 * Refuses paths that can be read in two ways. The pipeline decides by the path as it was sent, the container dispatches
 * by the path as it cleans it up: {@code /%66hir}, {@code /fhir;x}, {@code /./fhir} and {@code /health/../fhir} are all
 * {@code /fhir} to it. What passes here has nothing to clean up, and is the same to both.
 */
final class PlainPath {
    /** Encoded, these become syntax or vanish: dot, slash, backslash, percent, semicolon. */
    private static final Pattern ENCODED_SYNTAX = Pattern.compile("%(2e|2f|5c|25|3b)");

    private PlainPath() {}

    static void check(String raw) {
        if (!raw.startsWith("/")) {
            throw refused(raw, "it does not begin with a slash");
        }
        if (raw.indexOf(';') >= 0 || raw.indexOf('\\') >= 0) {
            throw refused(raw, "it has a ';' or a '\\'");
        }
        if (ENCODED_SYNTAX.matcher(raw.toLowerCase(Locale.ROOT)).find()) {
            throw refused(raw, "it has an encoded '.', '/', '\\', '%' or ';'");
        }
        if (raw.indexOf('%') >= 0 && !FhirBase.contains(raw)) {
            throw refused(raw, "only what follows " + FhirBase.PATH + "/ may be percent-encoded");
        }
        checkSegments(raw);
    }

    private static void checkSegments(String raw) {
        String[] segments = raw.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].equals(".") || segments[i].equals("..")) {
                throw refused(raw, "it has the segment \"" + segments[i] + "\"");
            }
            if (segments[i].isEmpty() && i < segments.length - 1) {
                throw refused(raw, "it has an empty segment");
            }
        }
    }

    private static Refusal refused(String raw, String why) {
        return new Refusal(Refusal.Reason.INVALID, "the path \"" + Refusal.shown(raw) + "\" is ambiguous: " + why);
    }
}
