package miroir.server.admin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.AdminRoute;

/**
 * {@code /admin/api}: by whom it may be asked is decided before, see {@link miroir.server.pipeline.Decide}. What is there has a version,
 * in {@code ETag}; whoever changes it names the one that he has seen in {@code If-Match}.
 */
public final class AdminApi extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Pattern VERSION = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");

    private final transient AdminActions actions;

    public AdminApi(AdminActions actions) {
        this.actions = actions;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        AdminRoute route = exchange.adminCall().route();
        if (route == AdminRoute.EXPORT_AUDIT) {
            actions.audit().export(exchange, response);
            return;
        }
        AdminBody body = route.isGet() || route.fields().isEmpty() ? AdminBody.none() : body(request);
        long version = route.isVersioned() ? version(request) : 0;
        actions.answer(exchange, body, version).writeTo(response);
    }

    private static AdminBody body(HttpServletRequest request) throws IOException {
        String type = String.valueOf(request.getContentType()).split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/json")) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "the Content-Type is " + Refusal.shown(type) + "; allowed is application/json");
        }
        byte[] sent = request.getInputStream().readAllBytes();
        Exchange exchange = Exchange.of(request);
        exchange.requireStillAllowed();
        return AdminBody.of(sent, exchange.adminCall().route().fields());
    }

    /** The version that who changes something has seen; 0 where the header is not there. */
    private static long version(HttpServletRequest request) {
        String header = request.getHeader("If-Match");
        if (header == null) {
            return 0;
        }
        Matcher version = VERSION.matcher(header.strip());
        if (!version.matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "If-Match is " + Refusal.shown(header) + "; allowed is what ETag was, such as W/\"3\"");
        }
        return Long.parseLong(version.group(1));
    }
}
