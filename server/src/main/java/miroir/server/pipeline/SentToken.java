package miroir.server.pipeline;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a request has its token. */
public final class SentToken {
    /** The header that clients of the directory's own API send. */
    public static final String API_KEY = "ESANTE-API-KEY";

    private static final String BEARER = "Bearer ";

    private SentToken() {}

    /** What a header {@code Authorization} has; empty where it is of another scheme, or not there. */
    public static Optional<String> ofBearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }
}
