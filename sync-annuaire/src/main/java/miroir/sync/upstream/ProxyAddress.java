package miroir.sync.upstream;

import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy, written {@code host:port} or as the usual variables have it, {@code http://user:password@host:port}. What is
 * wrong with it is said without repeating it, for the sake of the password.
 */
public record ProxyAddress(String host, int port, String user, String password) {
    private static final Pattern WRITTEN =
            Pattern.compile("(?:http://)?(?:([^:@/]+):([^@/]*)@)?(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):([0-9]{1,5})/?");

    /** Reads it. */
    public static ProxyAddress parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(4)) > 65_535) {
            throw new IllegalArgumentException("that is not a host and a port such as proxy.example.org:3128, or"
                    + " http://user:password@proxy.example.org:3128");
        }
        return new ProxyAddress(
                matcher.group(3), Integer.parseInt(matcher.group(4)), plain(matcher.group(1)), plain(matcher.group(2)));
    }

    /** In user and password an at sign or a colon is written as in a URL. */
    private static String plain(@Nullable String part) {
        return part == null ? "" : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without user and password. */
    String shown() {
        return host + ":" + port;
    }

    InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    boolean asksForUser() {
        return !user.isEmpty();
    }

    /** Answers the proxy, and nobody else who asks. */
    Authenticator authenticator() {
        return new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                boolean proxy = getRequestorType() == RequestorType.PROXY;
                return proxy ? new PasswordAuthentication(user, password.toCharArray()) : null;
            }
        };
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
