package miroir.server.pipeline;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import miroir.server.routing.Router;

/** Finds out what the entries of bundles ask for, by the rules that hold for requests of their own. */
public final class EntryRoutes {
    private final Router router;

    public EntryRoutes(Router router) {
        this.router = router;
    }

    /** What an entry asks for. */
    public record Asked(Route route, List<QueryParameter> query) {
        public Asked {
            query = List.copyOf(query);
        }
    }

    /**
     * Reads method and URL of an entry.
     *
     * @param url relative to the base, or the whole of one below it
     * @param ifNoneExist whether it has the criteria of a create
     */
    public Asked of(String method, String url, String base, boolean ifNoneExist) {
        String below = below(url, base);
        int mark = below.indexOf('?');
        String path = mark < 0 ? below : below.substring(0, mark);
        PlainPath.check(FhirBase.PATH + "/" + path);
        List<QueryParameter> query = mark < 0 ? List.of() : QueryParameter.decode(below.substring(mark + 1));
        query.forEach(QueryParameter::check);
        Route route = router.route(method, PercentDecoded.path(path), mark >= 0);
        return new Asked(ifNoneExist ? conditional(route, method, url) : route, query);
    }

    /** Who sends criteria with anything else means something that would not be done. */
    private static Route conditional(Route route, String method, String url) {
        if (route.interaction() != Interaction.CREATE) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "ifNoneExist stands beside " + method + " " + Refusal.shown(url)
                            + "; allowed is POST of a type beside it");
        }
        return new Route(Interaction.CONDITIONAL_CREATE, route.type(), "");
    }

    private static String below(String url, String base) {
        if (url.startsWith(base + "/")) {
            return url.substring(base.length() + 1);
        }
        if (url.startsWith(base + "?")) {
            return url.substring(base.length());
        }
        if (url.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*") || url.startsWith("//")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the URL \"" + Refusal.shown(url) + "\" is not of this server; allowed are URLs below " + base
                            + ", and what is relative to that");
        }
        return url.startsWith("/") ? url.substring(1) : url;
    }
}
