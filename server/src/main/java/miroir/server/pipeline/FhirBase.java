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

    /** The base for a request that came like this; its host has been checked. */
    String of(Reached reached) {
        return configured == null ? reached.root() + PATH : configured;
    }

    static boolean contains(String uri) {
        return uri.equals(PATH) || uri.startsWith(PATH + "/");
    }

    /** The path behind the base, without its first slash. */
    static String below(String uri) {
        return uri.length() <= PATH.length() ? "" : uri.substring(PATH.length() + 1);
    }
}
