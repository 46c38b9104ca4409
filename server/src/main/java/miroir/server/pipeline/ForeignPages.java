package miroir.server.pipeline;

import java.util.Set;
import miroir.index.Refusal;

/**
 * Keeps pages of other sites from writing where no token is needed. Any page that is open in a browser on this machine can have
 * the browser send a request here, and where that looks like a form's, or has no body, it is sent without a question whether it
 * may. But browsers say for whom they ask, and no page can keep them from it. What is no browser says nothing.
 */
final class ForeignPages {
    /** The other values are {@code cross-site}, and {@code same-site}, such as another port of the same machine. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private ForeignPages() {}

    static void refuse(Exchange exchange) {
        String site = exchange.request().getHeader("Sec-Fetch-Site");
        if (site != null && !OWN_SITES.contains(site)) {
            throw refused("Sec-Fetch-Site", site);
        }
        String origin = exchange.request().getHeader("Origin");
        if (origin != null && !exchange.isOwnOrigin(origin)) {
            throw refused("Origin", origin);
        }
    }

    private static Refusal refused(String header, String value) {
        return new Refusal(
                Refusal.Reason.FORBIDDEN,
                "a page of another site may not write here without a token (" + header + ": " + Refusal.shown(value)
                        + "); allowed are programs, and pages of this server itself");
    }
}
