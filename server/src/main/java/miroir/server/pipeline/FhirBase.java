package miroir.server.pipeline;

import java.util.Optional;
import miroir.server.proxy.Reached;
import org.jspecify.annotations.Nullable;

/** The base URL that links start with: the configured one, or the one under which the request came. */
public final class FhirBase {
    /** Its path. */
    public static final String PATH = "/fhir";

    private final @Nullable String configured;

    FhirBase(Optional<String> configured) {
        this.configured = configured.orElse(null);
    }

    /**
     * The base for a request that came like this; its host has been checked.
     *
     * @param segment with a slash, before the base of that request; empty where there is none
     */
    String of(Reached reached, String segment) {
        if (configured == null) {
            return reached.root() + PATH;
        }
        return configured.endsWith(PATH)
                ? configured.substring(0, configured.length() - PATH.length()) + segment + PATH
                : configured;
    }

    static boolean contains(String uri) {
        return uri.equals(PATH) || uri.startsWith(PATH + "/");
    }

    /** The path behind the base, without its first slash. */
    static String below(String uri) {
        return uri.length() <= PATH.length() ? "" : uri.substring(PATH.length() + 1);
    }
}
