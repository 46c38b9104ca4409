package miroir.server.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The headers in which gateways speak of the request that they were sent. */
final class Headers {
    static final String FORWARDED = "Forwarded";
    static final String X_FOR = "X-Forwarded-For";
    static final String X_PROTO = "X-Forwarded-Proto";
    static final String X_HOST = "X-Forwarded-Host";
    static final String X_PORT = "X-Forwarded-Port";
    static final String X_PREFIX = "X-Forwarded-Prefix";

    private static final List<String> ALL = List.of(FORWARDED, X_FOR, X_PROTO, X_HOST, X_PORT, X_PREFIX, "Via");

    private Headers() {}

    static boolean anyIn(HttpServletRequest request) {
        return ALL.stream().anyMatch(name -> request.getHeader(name) != null);
    }

    /** What {@code Forwarded} says; nothing where it is not there. */
    static List<Hop> forwarded(HttpServletRequest request) {
        return ForwardedSyntax.read(String.join(",", Collections.list(request.getHeaders(FORWARDED))));
    }

    /**
     * What the other headers say. Each is a list to which a gateway adds, or a single value that it writes anew, so what stands at
     * the end of each belongs together: it is from the gateway that is next to here.
     */
    static List<Hop> xForwarded(HttpServletRequest request) {
        List<String> clients = values(request, X_FOR);
        List<String> schemes = values(request, X_PROTO);
        List<String> hosts = values(request, X_HOST);
        List<String> ports = values(request, X_PORT);
        List<String> prefixes = values(request, X_PREFIX);
        int hops = Stream.of(clients, schemes, hosts, ports, prefixes)
                .mapToInt(List::size)
                .max()
                .orElseThrow();
        return IntStream.iterate(hops, back -> back > 0, back -> back - 1)
                .mapToObj(back -> new Hop(
                        fromEnd(clients, back),
                        fromEnd(schemes, back),
                        fromEnd(hosts, back),
                        fromEnd(ports, back),
                        fromEnd(prefixes, back)))
                .toList();
    }

    private static List<String> values(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name)).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static @Nullable String fromEnd(List<String> values, int back) {
        return back <= values.size() ? values.get(values.size() - back) : null;
    }
}
