package miroir.server.oidc;

import java.util.Locale;
import java.util.regex.Pattern;
import miroir.server.access.TokenText;

/** Names of applications and people that an issuer gives, in letters and lengths that names have here, so that no two are the same. */
final class BearerName {
    private static final int LONGEST = 37;
    private static final int KEPT = 24;
    private static final int OF_HASH = 12;
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9._-]{0," + (LONGEST - 1) + "}");

    /** How those end that were changed; nobody else's may. */
    private static final Pattern CHANGED = Pattern.compile(".*_[0-9a-f]{" + OF_HASH + "}");

    private BearerName() {}

    static String of(String given) {
        if (PLAIN.matcher(given).matches() && !CHANGED.matcher(given).matches()) {
            return given;
        }
        String start = given.substring(0, Math.min(given.length(), KEPT));
        String plain = start.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
        String legible = PLAIN.matcher(plain).matches() ? plain : "x" + plain;
        return legible.substring(0, Math.min(legible.length(), KEPT)) + "_"
                + TokenText.hash(given).substring(0, OF_HASH);
    }
}
