package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.SearchInForce;
import miroir.server.access.Bearer;
import miroir.server.access.Bearers;
import miroir.server.access.Sessions;
import miroir.server.access.TokenText;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.proxy.TrustedProxies;
import org.jspecify.annotations.Nullable;

/**
 * Who asks. Consumers have tokens; so has whoever can read the file of the local one, and may do everything with it. Without a token reading is open
 * where the configuration says so, and writing only on loopback where the configuration says that too.
 */
final class Authentication {
    private final AccessConfiguration access;
    private final TrustedProxies proxies;
    private final @Nullable String localHash;
    private final Bearers tokens;
    private final Supplier<SearchInForce> search;

    Authentication(
            AccessConfiguration access,
            TrustedProxies proxies,
            @Nullable String token,
            Bearers tokens,
            Supplier<SearchInForce> search) {
        this.access = access;
        this.proxies = proxies;
        this.localHash = token == null ? null : TokenText.hash(token);
        this.tokens = tokens;
        this.search = search;
    }

    Rights of(Exchange exchange) {
        HttpServletRequest request = exchange.request();
        String token = sentToken(request);
        if (token != null) {
            return ofToken(token);
        }
        Rights ofBrowser = ofSession(exchange);
        if (ofBrowser != null) {
            return ofBrowser;
        }
        if (access.writable() && isDirectlyFromLoopback(request)) {
            return Rights.writing();
        }
        return access.mode() == AccessConfiguration.Mode.OPEN ? Rights.reading() : Rights.none();
    }

    /** A browser sends its cookie whoever has it ask, so it counts for pages alone; and one that is over is none, lest nobody could log in again. */
    private @Nullable Rights ofSession(Exchange exchange) {
        String session = sentSession(exchange);
        if (session == null) {
            return null;
        }
        try {
            return ofToken(session);
        } catch (Refusal over) {
            boolean isOver = over.reason() == Refusal.Reason.TOKEN_REFUSED;
            if (!isOver && !exchange.isForEverybody()) {
                throw over;
            }
            return null;
        }
    }

    private static @Nullable String sentSession(Exchange exchange) {
        return exchange.isForBrowser() ? SessionCookie.find(exchange.request()).orElse(null) : null;
    }

    /** Hashes are compared instead of tokens, so that neither content nor length can be timed. */
    private Rights ofToken(String token) {
        if (TokenText.hash(token).equals(localHash)) {
            return Rights.all();
        }
        Bearer known = tokens.find(token);
        return new Rights(known.name(), known.counted(), true, known.grants(), known.role(), search, known.token());
    }

    /** Whether it takes more to find out who that is than to look it up. */
    boolean isDear(Exchange exchange) {
        String sent = sentToken(exchange.request());
        String token = sent == null ? sentSession(exchange) : sent;
        return token != null && tokens.isDear(token);
    }

    /** Whether something was sent as a token, whatever it is. */
    static boolean hasToken(HttpServletRequest request) {
        return request.getHeader("Authorization") != null || request.getHeader(SentToken.API_KEY) != null;
    }

    private static @Nullable String sentToken(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            String key = request.getHeader(SentToken.API_KEY);
            if (key != null && Sessions.isToken(key)) {
                throw new Refusal(
                        Refusal.Reason.LOGIN_NEEDED, "the token of a session is sent as Authorization: Bearer [token]");
            }
            return key;
        }
        return SentToken.ofBearer(authorization)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.LOGIN_NEEDED, "the Authorization header is \"Bearer\" and a token here"));
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
}
