package miroir.server.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
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
    private static final int GROUPS = 8;
    private static final int GROUPS_OF_CLIENT = 4;
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?:$|:)");

    private Addresses() {}

    /** The address of the other end of a connection, in one spelling for all; as it came where it cannot be read. */
    public static String spelled(@Nullable String peer) {
        if (peer != null && V4.matcher(peer).matches()) {
            return peer;
        }
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

    /**
     * What of an address, spelled like that, its owner cannot choose freely: all of IPv4, and of IPv6 the first 64 bits, since every client has a network of that size.
     * What is no address stands for itself.
     */
    public static String network(String spelled) {
        if (spelled.indexOf(':') < 0) {
            return spelled;
        }
        int end = endOfFirstHalf(spelled);
        return (end > 0
                        ? spelled.substring(0, end)
                        : String.join(":", groups(spelled).subList(0, GROUPS_OF_CLIENT))) + "::/64";
    }

    /** Where the first four groups end; 0 where zeros are left out before. Each request asks, and nearly all have them. */
    private static int endOfFirstHalf(String spelled) {
        int groups = 0;
        for (int i = spelled.indexOf(':'); i >= 0; i = spelled.indexOf(':', i + 1)) {
            if (++groups == GROUPS_OF_CLIENT) {
                return i;
            }
            if (spelled.startsWith(":", i + 1)) {
                return 0;
            }
        }
        return 0;
    }

    /** The first half of what {@link #network} says, which is about what a provider has. */
    public static String wider(String network) {
        char separator = network.indexOf(':') < 0 ? '.' : ':';
        int second = network.indexOf(separator, network.indexOf(separator) + 1);
        return second < 0 ? network : network.substring(0, second);
    }

    /** Whether an address, spelled like that, is of this machine. */
    public static boolean isLoopback(String spelled) {
        return spelled.startsWith("127.") || spelled.equals("::1");
    }

    /** All eight groups, and more of what is no address. */
    private static List<String> groups(String spelled) {
        int gap = spelled.indexOf("::");
        List<String> groups = new ArrayList<>(groupsOf(gap < 0 ? spelled : spelled.substring(0, gap)));
        List<String> rest = gap < 0 ? List.of() : groupsOf(spelled.substring(gap + 2));
        while (groups.size() + rest.size() < GROUPS) {
            groups.add("0");
        }
        groups.addAll(rest);
        return groups;
    }

    private static List<String> groupsOf(String part) {
        return part.isEmpty() ? List.of() : List.of(part.split(":", -1));
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
