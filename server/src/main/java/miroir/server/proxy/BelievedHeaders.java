package miroir.server.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The headers that gateways are known to write anew. The others come as the client sent them, so they are not read. An entry that is
 * empty keeps its place, or the one before it, which is the client's, would pass for the gateway's.
 */
final class BelievedHeaders {
    private final Set<ForwardedHeader> believed = EnumSet.noneOf(ForwardedHeader.class);

    BelievedHeaders(Collection<ForwardedHeader> believed) {
        this.believed.addAll(believed);
    }

    /** What {@code Forwarded} says; nothing where it is not there. */
    List<Hop> forwarded(HttpServletRequest request) {
        return ForwardedSyntax.read(String.join(",", lines(request, ForwardedHeader.FORWARDED)));
    }

    /**
     * What the other headers say. Each is a list to which a gateway adds, or a single value that it writes anew, so what stands at
     * the end of each belongs together: it is from the gateway that is next to here.
     */
    List<Hop> xForwarded(HttpServletRequest request) {
        List<String> clients = values(request, ForwardedHeader.X_FOR);
        List<String> schemes = values(request, ForwardedHeader.X_PROTO);
        List<String> hosts = values(request, ForwardedHeader.X_HOST);
        List<String> ports = values(request, ForwardedHeader.X_PORT);
        List<String> prefixes = values(request, ForwardedHeader.X_PREFIX);
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

    private List<String> lines(HttpServletRequest request, ForwardedHeader header) {
        return believed.contains(header) ? Collections.list(request.getHeaders(header.header())) : List.of();
    }

    /** None where the header says nothing at all. */
    private List<String> values(HttpServletRequest request, ForwardedHeader header) {
        List<String> values = lines(request, header).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
        return values.stream().allMatch(String::isEmpty) ? List.of() : values;
    }

    private static @Nullable String fromEnd(List<String> values, int back) {
        String value = back <= values.size() ? values.get(values.size() - back) : "";
        return value.isEmpty() ? null : value;
    }
}
