package miroir.server.pipeline;

import java.util.List;
import miroir.server.proxy.Reached;
import org.jspecify.annotations.Nullable;

/** The base URL that links start with: the configured one, or the one under which the request came. */
public final class FhirBase {
    /** Its path. */
    public static final String PATH = "/fhir";

    private final @Nullable String configured;
    private final @Nullable String directory;

    /**
     * Of a server.
     *
     * @param directory the segment before the path of the base at which searches are read as the directory's
     */
    FhirBase(@Nullable String configured, @Nullable String directory) {
        this.configured = configured;
        this.directory = directory == null ? null : "/" + directory;
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

    /**
     * All bases of the same resources, for a request that came to the first of them.
     *
     * @param segment which that one has before its path
     */
    List<String> all(String base, String segment) {
        if (directory == null || !base.endsWith(PATH)) {
            return List.of(base);
        }
        String root = base.substring(0, base.length() - PATH.length());
        String other = segment.isEmpty()
                ? root + directory + PATH
                : root.substring(0, root.length() - segment.length()) + PATH;
        return List.of(base, other);
    }

    static boolean contains(String uri) {
        return uri.equals(PATH) || uri.startsWith(PATH + "/");
    }

    /** The path behind the base, without its first slash. */
    static String below(String uri) {
        return uri.length() <= PATH.length() ? "" : uri.substring(PATH.length() + 1);
    }
}
