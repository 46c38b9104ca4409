package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells browsers which pages of other sites may ask for resources here and read the answers (CORS). A page gains no right by it: it shows the token
 * that it has, and none is a cookie, which a browser would send along unasked. Where nothing is configured there is no such site, and no header.
 *
 * <p>What is outside of the FHIR base, such as the admin API, is for no other site's pages.
 */
final class AllowedOrigins {
    private static final String ANY = "*";
    private static final String ORIGIN = "Origin";

    /** What browsers show pages beside the harmless ones. */
    private static final String SHOWN = String.join(
            ", ",
            "Accept-Patch",
            "Allow",
            "Content-Location",
            "ETag",
            "Location",
            "Preference-Applied",
            "Retry-After",
            "Server-Timing",
            "WWW-Authenticate",
            AgeOfCopies.HEADER,
            CorrelationId.HEADER,
            RequestId.HEADER);

    /** What pages may send; browsers ask for each but the harmless ones. */
    private static final String SENT = String.join(
            ", ",
            "Accept",
            "Authorization",
            "Content-Encoding",
            "Content-Type",
            SentToken.API_KEY,
            "If-Match",
            "If-Modified-Since",
            "If-None-Exist",
            "If-None-Match",
            "Prefer",
            CorrelationId.HEADER,
            RequestId.HEADER,
            RequestPipeline.TRACE);

    private static final String SECONDS_TO_REMEMBER = "600";

    private final Set<String> origins;

    AllowedOrigins(List<String> configured) {
        origins = Set.copyOf(configured);
    }

    /** Has the answer say for whose pages it is. A cache must know that it says something else to others. */
    void tell(HttpServletRequest request, HttpServletResponse response) {
        if (origins.isEmpty() || !FhirBase.contains(request.getRequestURI())) {
            return;
        }
        if (!origins.contains(ANY)) {
            response.addHeader("Vary", ORIGIN);
        }
        if (isAllowed(request)) {
            response.setHeader("Access-Control-Allow-Origin", origins.contains(ANY) ? ANY : request.getHeader(ORIGIN));
            response.setHeader("Access-Control-Expose-Headers", SHOWN);
        }
    }

    /** Whether a browser asks if a page may send something; it never shows a token with that, and nothing is done. */
    boolean isQuestion(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getHeader("Access-Control-Request-Method") != null
                && FhirBase.contains(request.getRequestURI())
                && isAllowed(request);
    }

    /** Answers it, for a path that has these methods. */
    void answer(HttpServletResponse response, List<String> methods) {
        response.setHeader("Access-Control-Allow-Methods", String.join(", ", methods));
        response.setHeader("Access-Control-Allow-Headers", SENT);
        response.setHeader("Access-Control-Max-Age", SECONDS_TO_REMEMBER);
    }

    private boolean isAllowed(HttpServletRequest request) {
        String origin = request.getHeader(ORIGIN);
        return origin != null && (origins.contains(ANY) || origins.contains(origin.toLowerCase(Locale.ROOT)));
    }
}
