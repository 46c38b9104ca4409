package miroir.server.configuration;

import java.net.URI;
import java.util.Locale;

/** The origin of a web page as browsers write it in {@code Origin}: scheme, host, and a port that is not the scheme's own. */
final class WebOrigin {
    /** Pages of any site. */
    static final String ANY = "*";

    /** For people. */
    static final String ALLOWED =
            "an origin such as https://app.example.org or http://localhost:3000, without a path, or * for any";

    private WebOrigin() {}

    /** The same as browsers write it. */
    static String of(String text) {
        if (text.equals(ANY)) {
            return text;
        }
        URI uri = URI.create(text.toLowerCase(Locale.ROOT));
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean more = !uri.getRawPath().isEmpty()
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null;
        if (!http || uri.getHost() == null || more) {
            throw new IllegalArgumentException(text);
        }
        int usual = uri.getScheme().equals("http") ? 80 : 443;
        String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }
}
