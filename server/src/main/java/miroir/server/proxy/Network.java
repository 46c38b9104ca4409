package miroir.server.proxy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A network of IPv4 or IPv6 addresses, such as {@code 10.0.0.0/8}. A single address is a network too.
 *
 * @param prefix how many bits its addresses have in common
 */
public record Network(InetAddress address, int prefix) {

    private static final Pattern PREFIX = Pattern.compile("[1-9][0-9]{0,2}");

    /** Reads one; throws where the text is none, has bits behind the prefix, or is everybody ({@code /0}). */
    public static Network of(String text) {
        String[] parts = text.split("/", -1);
        InetAddress address =
                Addresses.read(parts[0]).orElseThrow(() -> new IllegalArgumentException(text + " has no address"));
        int bits = bits(address);
        if (parts.length > 2 || (parts.length == 2 && !PREFIX.matcher(parts[1]).matches())) {
            throw new IllegalArgumentException(text + " has no prefix from 1 on");
        }
        int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        if (prefix > bits || hasBitsBehind(prefix, address)) {
            throw new IllegalArgumentException(text + " is no network");
        }
        return new Network(address, prefix);
    }

    /** Whether an address as text is in it; what is none is in no network. */
    public boolean contains(String other) {
        return Addresses.read(other).filter(this::contains).isPresent();
    }

    boolean contains(InetAddress other) {
        int rest = bits(address) - prefix;
        return bits(other) == bits(address)
                && number(other).shiftRight(rest).equals(number(address).shiftRight(rest));
    }

    private static boolean hasBitsBehind(int prefix, InetAddress address) {
        int lowest = number(address).getLowestSetBit();
        return lowest >= 0 && lowest < bits(address) - prefix;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
