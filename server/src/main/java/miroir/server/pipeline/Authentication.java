package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.proxy.TrustedProxies;
import org.jspecify.annotations.Nullable;

/**
 * Who asks. There is one token, the local one, and it may do everything; without it, reading is open where the
 * configuration says so, and writing only on loopback where the configuration says that too.
 */
final class Authentication {
    private static final String BEARER = "Bearer ";
    /** The header that clients of the directory's own API send. */
    private static final String API_KEY = "ESANTE-API-KEY";

    private final AccessConfiguration access;
    private final TrustedProxies proxies;
    private final byte @Nullable [] tokenHash;

    Authentication(AccessConfiguration access, TrustedProxies proxies, Optional<String> token) {
        this.access = access;
        this.proxies = proxies;
        tokenHash = token.map(Authentication::hash).orElse(null);
    }

    Rights of(HttpServletRequest request) {
        String token = sentToken(request);
        if (token != null) {
            return ofToken(token);
        }
        if (access.writable() && isDirectlyFromLoopback(request)) {
            return Rights.writing();
        }
        return access.mode() == AccessConfiguration.Mode.OPEN ? Rights.reading() : Rights.none();
    }

    private Rights ofToken(String token) {
        if (tokenHash == null || !MessageDigest.isEqual(tokenHash, hash(token))) {
            throw new Refusal(Refusal.Reason.LOGIN_NEEDED, "the token is not known here");
        }
        return Rights.all();
    }

    private static @Nullable String sentToken(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            return request.getHeader(API_KEY);
        }
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new Refusal(Refusal.Reason.LOGIN_NEEDED, "the Authorization header is \"Bearer\" and a token here");
        }
        return authorization.substring(BEARER.length()).strip();
    }

    /**
     * A gateway on the same machine makes the whole world look like loopback. Most say so in a header. One that says nothing is known
     * only if it is in the configuration, with which writing without a token does not even start.
     */
    private boolean isDirectlyFromLoopback(HttpServletRequest request) {
        return !proxies.passedOn(request) && isLoopback(request.getRemoteAddr());
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Compared instead of the token itself, so that neither content nor length can be timed. */
    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
