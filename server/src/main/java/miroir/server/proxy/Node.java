package miroir.server.proxy;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;

/** Reads whom a gateway names as its client (RFC 7239, section 6): an address, perhaps with a port, or somebody that it does not tell. */
final class Node {
    private static final String PORT = "(?::(?:" + Addresses.PORT + "|_[A-Za-z0-9._-]+))?";
    private static final Pattern HIDDEN = Pattern.compile("(?:(?i:unknown)|_[A-Za-z0-9._-]+)" + PORT);
    private static final Pattern WITH_PORT = Pattern.compile("(?:([0-9.]+)|\\[([0-9A-Fa-f:.]+)])" + PORT);

    private Node() {}

    /** The address; empty where it is not told. IPv6 has brackets, except in {@code X-Forwarded-For}, where it may have none. */
    static Optional<InetAddress> address(String text) {
        if (HIDDEN.matcher(text).matches()) {
            return Optional.empty();
        }
        Matcher node = WITH_PORT.matcher(text);
        String bare = !node.matches() ? text : node.group(1) == null ? node.group(2) : node.group(1);
        Optional<InetAddress> address = Addresses.read(bare);
        if (address.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the gateway names \"" + Refusal.shown(text)
                            + "\" as its client (Forwarded or X-Forwarded-For), which is no address");
        }
        return address;
    }
}
