package miroir.server.access;

import java.util.Arrays;

/** From where somebody asks, as far as he cannot choose it: who has an address of IPv6 has all that begin like it. */
public final class ClientNetwork {
    private ClientNetwork() {}

    /** The network of an address. */
    public static String of(String address) {
        int end = address.indexOf("::");
        String[] groups = address.split(":", -1);
        if (groups.length < 3) {
            return address;
        }
        int first = end >= 0 ? address.substring(0, end).split(":", -1).length : groups.length;
        return String.join(":", Arrays.copyOf(groups, Math.min(4, first)));
    }
}
