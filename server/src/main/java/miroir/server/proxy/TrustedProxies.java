package miroir.server.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a request was reached where gateways stand between client and server. They say it in headers, and so may anybody.
 *
 * <p>What is known for certain is the address of the other end of the connection. If that is a gateway which is trusted, what it
 * wrote counts, and it wrote the last entry of each list: whom it had the request from. If that is a trusted gateway too, the entry before
 * counts as well, and so on. The first address that is not trusted is the client's, and all that stands before it is hearsay, which is
 * not even checked. A gateway that hides its client ({@code unknown}), or names none, ends the walk, and stands for the client itself.
 * A header that the gateways do not write is the client's word as a whole, so which ones are read is said beforehand.
 *
 * <p>Nonsense in an entry that counts is refused: guessing would give links that lead elsewhere, and limits to the wrong client.
 */
public final class TrustedProxies {
    private final List<Network> trusted;
    private final BelievedHeaders believed;
    private final String scheme;

    /**
     * Believes these.
     *
     * @param headers those that they write, and let no client write
     * @param scheme by which connections come here
     */
    public TrustedProxies(List<Network> trusted, List<ForwardedHeader> headers, String scheme) {
        this.trusted = List.copyOf(trusted);
        this.believed = new BelievedHeaders(headers);
        this.scheme = scheme;
    }

    /** Whether a request comes from a gateway: from one that is trusted, or from somebody who says that it was passed on. */
    public boolean passedOn(HttpServletRequest request) {
        return ForwardedHeader.anyIn(request)
                || Addresses.ofPeer(request.getRemoteAddr())
                        .filter(this::trusts)
                        .isPresent();
    }

    /** How the client reached this server. The host is one that was asked for, and need not be one of ours. */
    public Reached of(HttpServletRequest request) {
        if (trusted.isEmpty() || !ForwardedHeader.anyIn(request)) {
            return directly(request);
        }
        return Addresses.ofPeer(request.getRemoteAddr())
                .filter(this::trusts)
                .map(peer -> reached(request, claim(peer, request)))
                .orElseGet(() -> directly(request));
    }

    /** How it came when nobody is believed. */
    public Reached directly(HttpServletRequest request) {
        return new Reached(
                Addresses.spelled(request.getRemoteAddr()),
                !passedOn(request),
                scheme(request),
                hostHeader(request),
                "");
    }

    /** A container that we are put into knows better. What the request itself says of it is the client's word. */
    private String scheme(HttpServletRequest request) {
        return request.getAttribute(Reached.SCHEME) instanceof String known ? known : scheme;
    }

    private Reached reached(HttpServletRequest request, Claim claim) {
        String reachedBy = claim.scheme() == null ? scheme(request) : claim.scheme();
        String host = claim.host() == null ? hostHeader(request) : claim.host();
        return new Reached(
                Addresses.spelled(claim.client()),
                !trusts(claim.client()),
                reachedBy,
                withPort(host, claim.port(), reachedBy),
                claim.prefix());
    }

    /** What both kinds of headers say; where both say whence the request came, they have to say the same. */
    private Claim claim(InetAddress peer, HttpServletRequest request) {
        List<Hop> forwarded = believed.forwarded(request);
        List<Hop> others = believed.xForwarded(request);
        Claim ofOthers = claim(peer, others);
        if (forwarded.isEmpty()) {
            return ofOthers;
        }
        Claim claim = claim(peer, forwarded);
        if (others.stream().anyMatch(Hop::saysWhence)) {
            claim.checkSame(ofOthers);
        }
        return claim.withPortAndPrefixOf(ofOthers);
    }

    private Claim claim(InetAddress peer, List<Hop> hops) {
        InetAddress client = peer;
        int first = hops.size();
        while (first > 0 && trusts(client)) {
            first--;
            Optional<InetAddress> before = sender(hops.get(first));
            if (before.isEmpty()) {
                break;
            }
            client = before.get();
        }
        return Claim.of(hops.subList(first, hops.size()), client);
    }

    private static Optional<InetAddress> sender(Hop hop) {
        return Optional.ofNullable(hop.client()).flatMap(Node::address);
    }

    private boolean trusts(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    private static String hostHeader(HttpServletRequest request) {
        return String.valueOf(request.getHeader("Host"));
    }

    /** A port that stands in the host is the one that the client asked for. */
    private static String withPort(String host, @Nullable String port, String scheme) {
        boolean own = port == null || port.equals(scheme.equals("https") ? "443" : "80");
        return own || host.lastIndexOf(':') > host.lastIndexOf(']') ? host : host + ":" + port;
    }
}
