package miroir.server.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import miroir.server.configuration.ListenConfiguration;
import miroir.server.configuration.TlsConfiguration;

/**
 * Headers that keep browsers from harm, on every answer, whoever writes it. A browser shows {@code application/fhir+xml} like any
 * XML, and runs scripts of XHTML in it: so what anybody could store as a narrative may load and run nothing, nor stand in a frame.
 */
public final class SecurityHeaders {
    /** Says what a page may load and run; a page that has its own style says so itself. */
    public static final String POLICY = "Content-Security-Policy";

    /** To whom a browser says which page it comes from. */
    public static final String REFERRER = "Referrer-Policy";

    /** Nothing, nowhere. */
    public static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The same for what anybody stored and a browser may show as it is: it has an origin of its own too, where there is nothing. */
    public static final String SANDBOX = NOTHING + "; sandbox";

    private final Map<String, String> headers = new LinkedHashMap<>();

    public SecurityHeaders(ListenConfiguration listen) {
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(REFERRER, "no-referrer");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put(POLICY, NOTHING);
        listen.tls()
                .map(TlsConfiguration::hsts)
                .filter(length -> !length.isZero())
                .ifPresent(length -> headers.put("Strict-Transport-Security", "max-age=" + length.toSeconds()));
    }

    /** Has each of them set. */
    public void set(BiConsumer<String, String> header) {
        headers.forEach(header);
    }
}
