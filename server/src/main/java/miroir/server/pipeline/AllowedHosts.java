package miroir.server.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The names under which this server may be asked. A page of a hostile site can make a browser resolve its own name to
 * 127.0.0.1 and so reach a server on loopback (DNS rebinding); the {@code Host} header then still has the hostile name.
 * A name that a gateway speaks of is checked as well, and not instead: a page could say that it is a gateway.
 */
final class AllowedHosts {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names;

    AllowedHosts(List<String> configured) {
        names = Stream.concat(LOOPBACK.stream(), configured.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    void check(@Nullable String hostHeader) {
        if (hostHeader == null) {
            throw refused("a request has a Host header here");
        }
        if (!names.contains(withoutPort(hostHeader).toLowerCase(Locale.ROOT))) {
            throw refused("this server is not reached under the host \"" + Refusal.shown(hostHeader) + "\"");
        }
    }

    /** Which names are allowed is not told to whoever came under another one. */
    private static Refusal refused(String why) {
        return new Refusal(
                Refusal.Reason.FORBIDDEN,
                why + "; allowed are localhost and the names under listen.hosts in server.yaml");
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
