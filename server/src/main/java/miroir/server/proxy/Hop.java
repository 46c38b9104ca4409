package miroir.server.proxy;

import org.jspecify.annotations.Nullable;

/**
 * What one gateway said of the request that came to it, as it is written; null where it said nothing.
 *
 * @param client who sent the request to the gateway
 * @param scheme by which it came to the gateway
 * @param host that it was for, with a port where it has one
 * @param port that it was for
 * @param prefix what the gateway took away from the beginning of the path
 */
record Hop(
        @Nullable String client,
        @Nullable String scheme,
        @Nullable String host,
        @Nullable String port,
        @Nullable String prefix) {

    /** Whether it says whence the request came, and not only for which port and path. */
    boolean saysWhence() {
        return client != null || scheme != null || host != null;
    }
}
