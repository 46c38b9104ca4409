package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import miroir.server.format.PatchFormat;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * What HAPI sees of a request: the route that we found, and nothing that it would understand in its own way.
 *
 * <ul>
 *   <li>HEAD, {@code POST [type]/_search} and {@code POST $directory-search} mean the same as a GET and are shown as one.
 *   <li>The URL is made of the route, and there are no parameters: they are in the exchange. HAPI would refuse some
 *       ({@code _query}), skip others, and negotiate the format in its own way.
 *   <li>{@code Content-Location} would replace the id that an update goes to.
 *   <li>It knows the formats of patches by media types of its own, and answers 400 for others.
 *   <li>HAPI gzips by itself, at level 6.
 *   <li>Without {@code no-cache} it would answer {@code /metadata} from a cache of its own.
 * </ul>
 */
final class HapiView extends HttpServletRequestWrapper {
    private final Route route;

    HapiView(HttpServletRequest request, Route route) {
        super(request);
        this.route = route;
    }

    @Override
    public String getMethod() {
        return switch (route.interaction()) {
            case READ,
                    VREAD,
                    SEARCH_TYPE,
                    SEARCH_SYSTEM,
                    SEARCH_COMPARTMENT,
                    DIRECTORY_SEARCH,
                    HISTORY_INSTANCE,
                    HISTORY_TYPE,
                    HISTORY_SYSTEM,
                    SEEN,
                    CAPABILITIES -> "GET";
            case EVERYTHING, META, VALIDATE, BY_IDENTIFIER, LOOKUP, VALIDATE_CODE, EXPAND ->
                super.getMethod().equals("HEAD") ? "GET" : super.getMethod();
            default -> super.getMethod();
        };
    }

    @Override
    public String getRequestURI() {
        // HAPI wants to know compartments one by one; which one it is stands in the exchange.
        String path = route.interaction() == Interaction.SEARCH_COMPARTMENT ? route.type() : route.path();
        // HAPI cuts off as many characters as the name has under which a container has us, and as the path of its
        // servlet.
        return getServletContext().getContextPath() + FhirBase.PATH + "/" + path;
    }

    @Override
    public String getServletPath() {
        return FhirBase.PATH;
    }

    @Override
    public StringBuffer getRequestURL() {
        return new StringBuffer(getRequestURI());
    }

    @Override
    public @Nullable String getQueryString() {
        return null;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Map.of();
    }

    @Override
    public @Nullable String getHeader(String name) {
        Enumeration<String> values = getHeaders(name);
        return values.hasMoreElements() ? values.nextElement() : null;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        if (name.equalsIgnoreCase("Accept")) {
            return Collections.enumeration(List.of("application/fhir+json"));
        }
        boolean patch =
                route.interaction() == Interaction.PATCH || route.interaction() == Interaction.CONDITIONAL_PATCH;
        if (name.equalsIgnoreCase("Content-Type") && patch) {
            return Collections.enumeration(List.of(PatchFormat.JSON_PATCH_TYPE));
        }
        if (name.equalsIgnoreCase("Cache-Control")) {
            return Collections.enumeration(List.of("no-cache"));
        }
        boolean hidden = name.equalsIgnoreCase("Content-Location") || name.equalsIgnoreCase("Accept-Encoding");
        return hidden ? Collections.emptyEnumeration() : super.getHeaders(name);
    }
}
