package miroir.server.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses as they are written. A name is none, so nobody is ever asked what it means. */
public final class Addresses {
    /** A port of TCP, in digits. */
    static final String PORT =
            "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]{2,39}(?:" + V4 + ")?");
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?:$|:)");

    private Addresses() {}

    /** The address of the other end of a connection, in one spelling for all; as it came where it cannot be read. */
    public static String spelled(@Nullable String peer) {
        return ofPeer(peer).map(Addresses::spelled).orElseGet(() -> String.valueOf(peer));
    }

    /** An address as RFC 5952 has it: the longest row of zeros is left out. */
    static String spelled(InetAddress address) {
        String text = bare(address.getHostAddress());
        return ZEROS.matcher(text)
                .results()
                .reduce(BinaryOperator.maxBy((one, other) -> Integer.compare(zeros(one), zeros(other))))
                .map(row -> text.substring(0, row.start()) + "::" + text.substring(row.end()))
                .orElse(text);
    }

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

    /** The address of the other end of a connection, which may have brackets and a zone; empty where it cannot be read. */
    static Optional<InetAddress> ofPeer(@Nullable String text) {
        return text == null ? Optional.empty() : read(bare(text));
    }

    private static String bare(String text) {
        String inside = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = inside.indexOf('%');
        return zone < 0 ? inside : inside.substring(0, zone);
    }

    private static int zeros(MatchResult row) {
        return (int) row.group().chars().filter(digit -> digit == '0').count();
    }
}
