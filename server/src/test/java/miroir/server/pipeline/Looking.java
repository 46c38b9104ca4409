package miroir.server.pipeline;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import miroir.index.store.Caller;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Grants;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/** Somebody who looks at a page, for tests of pages. */
public final class Looking {
    private static final String SESSION = "miroir_session_of-a-test";

    private Looking() {}

    /** Whoever is logged in with that role; {@code NOBODY}: nobody is. */
    public static Exchange as(AdministratorRole role) {
        boolean isLoggedIn = role != AdministratorRole.NOBODY;
        Exchange exchange = Exchange.hosted(
                request(isLoggedIn), new Route(Interaction.CONSOLE, "", ""), List.of(), "http://localhost/fhir");
        Rights rights =
                new Rights(isLoggedIn ? "administrator/ada" : "", "", isLoggedIn, new Grants(List.of()), role, () -> {
                    throw new IllegalStateException("no page of a test searches");
                });
        exchange.authenticated(() -> rights, false);
        exchange.decided(isLoggedIn ? Caller.everyone() : Caller.nobody());
        return exchange;
    }

    private static HttpServletRequest request(boolean isLoggedIn) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getLocales" -> Collections.emptyEnumeration();
                    case "getCookies" -> isLoggedIn ? new Cookie[] {new Cookie("miroir_session", SESSION)} : null;
                    default -> null;
                });
    }
}
