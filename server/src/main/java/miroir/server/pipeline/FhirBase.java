package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The base URL that links start with: the configured one, or the one under which the request came. */
public final class FhirBase {
    /** Its path. */
    public static final String PATH = "/fhir";

    private final @Nullable String configured;

    FhirBase(Optional<String> configured) {
        this.configured = configured.orElse(null);
    }

    /** The base for this request; its {@code Host} header has been checked. */
    String of(HttpServletRequest request) {
        return configured == null ? request.getScheme() + "://" + request.getHeader("Host") + PATH : configured;
    }

    static boolean contains(String uri) {
        return uri.equals(PATH) || uri.startsWith(PATH + "/");
    }

    /** The path behind the base, without its first slash. */
    static String below(String uri) {
        return uri.length() <= PATH.length() ? "" : uri.substring(PATH.length() + 1);
    }
}
