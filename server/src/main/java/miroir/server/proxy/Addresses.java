package miroir.server.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as they are written. A name is none, so nobody is ever asked what it means. */
final class Addresses {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]{2,30}(?:" + V4 + ")?");

    private Addresses() {}

    /** An IPv4 address, or an IPv6 address without brackets; one that stands for an IPv4 address is that. */
    static Optional<InetAddress> read(String text) {
        boolean v6 = text.indexOf(':') >= 0 && V6.matcher(text).matches();
        if (!v6 && !V4.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // In brackets it is looked up nowhere, even where it is no address in the end.
            return Optional.of(InetAddress.getByName(v6 ? "[" + text + "]" : text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The address of the other end of a connection, which may have brackets and a zone. */
    static InetAddress ofPeer(String text) {
        String bare = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
        int zone = bare.indexOf('%');
        return read(zone < 0 ? bare : bare.substring(0, zone))
                .orElseThrow(() -> new IllegalStateException(text + " is the address of no connection"));
    }
}
