package miroir.server.proxy;

import java.net.InetAddress;
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
 * @param client who they say it is; the last of them where it does not say
 * @param prefix what they took away from the path, all of them; empty where they took nothing
 */
record Claim(
        InetAddress client,
        @Nullable String scheme,
        @Nullable String host,
        @Nullable String port,
        String prefix) {
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::" + Addresses.PORT + ")?");
    private static final Pattern PORT = Pattern.compile(Addresses.PORT);
    private static final Pattern PREFIX = Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){0,9}/?");

    /** Of hops of gateways that are trusted, in their order: the first one of them saw what the client asked for. */
    static Claim of(List<Hop> hops, InetAddress client) {
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

    /**
     * Throws where another kind of headers says more, less or something else. A gateway that writes one kind, and passes on the other
     * as the client sent it, is found out here, even if each says what the other is silent about.
     */
    void checkSame(Claim other) {
        checkSame(Addresses.spelled(client), Addresses.spelled(other.client), ForwardedHeader.X_FOR);
        checkSame(scheme, other.scheme, ForwardedHeader.X_PROTO);
        checkSame(hostAlone(), other.hostAlone(), ForwardedHeader.X_HOST);
    }

    /** With what {@code Forwarded} has no words for. */
    Claim withPortAndPrefixOf(Claim other) {
        return new Claim(client, scheme, host, other.port, other.prefix);
    }

    /** Without the port that the scheme has anyway. */
    private @Nullable String hostAlone() {
        String own = "https".equals(scheme) ? ":443" : "http".equals(scheme) ? ":80" : "";
        return host != null && !own.isEmpty() && host.endsWith(own)
                ? host.substring(0, host.length() - own.length())
                : host;
    }

    private static void checkSame(@Nullable String one, @Nullable String other, ForwardedHeader header) {
        if (!Objects.equals(one, other)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the headers Forwarded and " + header.header() + " contradict each other (" + said(one) + ", "
                            + said(other) + "); the gateway has to remove the kind that it does not write");
        }
    }

    private static String said(@Nullable String value) {
        return value == null ? "nothing" : value;
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
        return checked(text, text, PORT.matcher(text).matches(), "port: a number from 1 to 65535");
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
