package miroir.server.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the gateways that are trusted say together; null where none of them says it.
 *
 * @param prefix what they took away from the path, all of them; empty where they took nothing
 */
record Claim(
        @Nullable String client,
        @Nullable String scheme,
        @Nullable String host,
        @Nullable String port,
        String prefix) {
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern PREFIX = Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){0,9}/?");

    /** Of hops of gateways that are trusted, in their order: the first one of them saw what the client asked for. */
    static Claim of(List<Hop> hops, @Nullable String client) {
        return new Claim(
                client,
                first(hops, Hop::scheme, Claim::scheme),
                first(hops, Hop::host, Claim::host),
                first(hops, Hop::port, Claim::port),
                hops.stream()
                        .map(Hop::prefix)
                        .filter(Objects::nonNull)
                        .map(Claim::prefix)
                        .collect(Collectors.joining()));
    }

    /** Both together; a gateway that writes one of the headers and lets the client write the other one is found out here. */
    Claim and(Claim other) {
        return new Claim(
                same(client, other.client, Headers.X_FOR),
                same(scheme, other.scheme, Headers.X_PROTO),
                same(host, other.host, Headers.X_HOST),
                same(port, other.port, Headers.X_PORT),
                prefix + other.prefix);
    }

    private static @Nullable String same(@Nullable String one, @Nullable String other, String header) {
        if (one != null && other != null && !one.equals(other)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the headers Forwarded and " + header + " contradict each other (" + one + ", " + other
                            + "); the gateway has to remove the one that it does not write");
        }
        return one == null ? other : one;
    }

    private static @Nullable String first(
            List<Hop> hops, Function<Hop, @Nullable String> part, UnaryOperator<String> check) {
        for (Hop hop : hops) {
            String value = part.apply(hop);
            if (value != null) {
                return check.apply(value);
            }
        }
        return null;
    }

    private static String scheme(String text) {
        String scheme = text.toLowerCase(Locale.ROOT);
        return checked(text, scheme, scheme.equals("http") || scheme.equals("https"), "scheme: http or https");
    }

    private static String host(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        return checked(text, host, HOST.matcher(host).matches(), "host: a name or an address, and perhaps a port");
    }

    private static String port(String text) {
        boolean valid = PORT.matcher(text).matches() && Integer.parseInt(text) <= 65535;
        return checked(text, text, valid, "port: a number from 1 to 65535");
    }

    private static String prefix(String text) {
        String prefix = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return checked(text, prefix, PREFIX.matcher(text).matches(), "prefix of paths, such as /api");
    }

    private static String checked(String text, String value, boolean valid, String allowed) {
        if (!valid) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the gateway speaks of \"" + Refusal.shown(text) + "\" (Forwarded or X-Forwarded-…), which is no "
                            + allowed);
        }
        return value;
    }
}
