package miroir.server.proxy;

/**
 * How the server was reached, in the eyes of the client.
 *
 * @param client the client's address, in one spelling: no brackets, no zone, and IPv6 as RFC 5952 has it
 * @param byClient whether that is who asks, and not perhaps a gateway that stands between
 * @param scheme {@code http} or {@code https}
 * @param host name and, where it is not the scheme's own, port
 * @param prefix what stood before the path and is not seen here; empty, or with a slash at its beginning and none at its end
 */
public record Reached(String client, boolean byClient, String scheme, String host, String prefix) {

    /** Under this name a request has the scheme by which it came to the container, where we do not listen ourselves. */
    public static final String SCHEME = Reached.class.getName() + ".scheme";

    /** Nobody looked. */
    public static Reached unknown() {
        return new Reached("unknown", false, "http", "unknown", "");
    }

    /** The same, with more of the path that is not seen here. */
    public Reached below(String path) {
        return new Reached(client, byClient, scheme, host, prefix + path);
    }

    /** Scheme and host: what browsers call an origin. */
    public String origin() {
        return scheme + "://" + host;
    }

    /** The URL of the root of all paths, without a slash at its end. */
    public String root() {
        return origin() + prefix;
    }
}
