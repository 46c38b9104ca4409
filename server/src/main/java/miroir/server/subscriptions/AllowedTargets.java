package miroir.server.subscriptions;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import miroir.server.proxy.Network;

/**
 * To where anything may be sent. Whoever may subscribe has this server call an address of his choice, from where it stands: what only that place can reach is none of his
 * business. So nothing goes to addresses that are not of the public Internet, but to those that the configuration names.
 *
 * <p>A name is looked up once for each connection, and the connection goes to an address that was looked at, whatever the name means by then.
 */
final class AllowedTargets {
    /** What is not of the public Internet, or leads back out of it (IPv4 inside of IPv6). */
    private static final List<Network> PRIVATE = List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/16",
                    "64:ff9b::/32",
                    "100::/64",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "fc00::/7",
                    "fe80::/9",
                    "ff00::/8")
            .stream()
            .map(Network::of)
            .toList();

    private final Set<String> hosts = new HashSet<>();
    private final List<Network> networks = new ArrayList<>();

    /** Those of the public Internet and these: names of hosts, addresses and networks. */
    AllowedTargets(List<String> besides) {
        for (String each : besides) {
            network(each).ifPresentOrElse(networks::add, () -> hosts.add(each));
        }
    }

    private static Optional<Network> network(String text) {
        try {
            return Optional.of(Network.of(text));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    /** Why nothing is sent there, as far as that can be told without looking it up; empty where something may be. */
    Optional<String> refusal(URI endpoint) {
        String host = host(endpoint);
        boolean isName = network(host).isEmpty();
        if (hosts.contains(host) || (isName && !host.equals("localhost") && !host.endsWith(".localhost"))) {
            return Optional.empty();
        }
        return !isName && isAllowed(host) ? Optional.empty() : Optional.of(sentence(host));
    }

    /** Where to connect to. */
    InetAddress resolve(URI endpoint) throws IOException {
        String host = host(endpoint);
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("the host " + host + " is not known");
        }
        for (InetAddress each : all) {
            if (hosts.contains(host) || isAllowed(text(each))) {
                return each;
            }
        }
        throw new IOException(sentence(host));
    }

    private boolean isAllowed(String address) {
        return networks.stream().anyMatch(each -> each.contains(address))
                || PRIVATE.stream().noneMatch(each -> each.contains(address));
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = address instanceof Inet4Address ? -1 : text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static String host(URI endpoint) {
        String host = endpoint.getHost().toLowerCase(Locale.ROOT);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static String sentence(String host) {
        return host + " has no address of the public Internet; allowed are those, and what subscriptions.allowedTargets"
                + " names in the configuration";
    }
}
