package miroir.server.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A header in which gateways speak of the request that they were sent. */
public enum ForwardedHeader {
    FORWARDED("Forwarded"),
    X_FOR("X-Forwarded-For"),
    X_PROTO("X-Forwarded-Proto"),
    X_HOST("X-Forwarded-Host"),
    X_PORT("X-Forwarded-Port"),
    X_PREFIX("X-Forwarded-Prefix");

    /** What gateways write if nobody tells them more. */
    public static final List<ForwardedHeader> USUAL = List.of(X_FOR, X_PROTO);

    /** All names, for people. */
    public static final String NAMES =
            Arrays.stream(values()).map(ForwardedHeader::header).collect(Collectors.joining(", "));

    private final String header;

    ForwardedHeader(String header) {
        this.header = header;
    }

    /** The one of that name; throws where there is none. */
    public static ForwardedHeader of(String name) {
        return Arrays.stream(values())
                .filter(one -> one.header.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is none of " + NAMES));
    }

    /** Whether a request says that somebody passed it on. */
    static boolean anyIn(HttpServletRequest request) {
        return request.getHeader("Via") != null
                || Arrays.stream(values()).anyMatch(one -> request.getHeader(one.header) != null);
    }

    /** Its name. */
    public String header() {
        return header;
    }
}
