package miroir.server.pipeline;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.server.access.Sessions;

/** The session of an administrator in a browser: no script reads it, and no other site has it sent. */
public final class SessionCookie {
    private static final String NAME = "miroir_session";

    private SessionCookie() {}

    /** The token in it; what is none counts as nothing. */
    public static Optional<String> find(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Stream.of(cookies)
                        .filter(cookie -> cookie.getName().equals(NAME))
                        .map(Cookie::getValue)
                        .filter(Sessions::isToken)
                        .findFirst();
    }

    /** Has the browser keep it until it is closed, or the session is over. */
    public static void set(Exchange exchange, HttpServletResponse response, String token) {
        response.addHeader("Set-Cookie", NAME + "=" + token + attributes(exchange));
    }

    /** Has the browser forget it. */
    public static void clear(Exchange exchange, HttpServletResponse response) {
        response.addHeader("Set-Cookie", NAME + "=; Max-Age=0" + attributes(exchange));
    }

    private static String attributes(Exchange exchange) {
        String origin = exchange.request().getHeader("Origin");
        // What the browser says it is on knows of gateways that say nothing.
        String reached = origin != null && origin.startsWith("http") ? origin : exchange.origin();
        String secure = reached.startsWith("https:") ? "; Secure" : "";
        return "; Path=" + exchange.rootPath() + "/; HttpOnly; SameSite=Strict" + secure;
    }
}
