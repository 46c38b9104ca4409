package miroir.server.pages;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import miroir.server.metadata.ServerVersion;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SecurityHeaders;
import miroir.server.routing.Router;

/** {@code /}: what this is and where to go on, for people. */
public final class HomePage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String STYLE =
            "body{font:16px/1.5 system-ui,sans-serif;max-width:44em;margin:3em auto;padding:0 1em}code{background:#eee}";

    private final transient ResourceStore store;
    private final transient Set<String> types;

    public HomePage(ResourceStore store, Set<String> types) {
        this.store = store;
        this.types = types;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getRequestURI().equals("/")) {
            throw Router.noPage(request.getRequestURI());
        }
        byte[] body = html(Exchange.of(request)).getBytes(StandardCharsets.UTF_8);
        response.setHeader(SecurityHeaders.POLICY, SecurityHeaders.NOTHING + "; style-src 'unsafe-inline'");
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private String html(Exchange exchange) {
        String root = exchange.rootPath();
        StringBuilder html = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<title>Miroir</title><style>" + STYLE + "</style></head><body><h1>Miroir</h1>");
        html.append("<p>A FHIR R4 server on MongoDB, version ")
                .append(Html.escaped(ServerVersion.text()))
                .append(". Its base is <code>")
                .append(Html.escaped(exchange.base()))
                .append("</code>.</p>");
        Readiness readiness = store.readiness();
        html.append("<p>").append(readiness.ready() ? "Ready: " : "Not ready yet: ");
        html.append(Html.escaped(readiness.detail())).append("</p><ul>");
        link(html, root + "/fhir/metadata", "What it can do (CapabilityStatement)");
        for (String type : types.stream().limit(20).toList()) {
            link(html, root + "/fhir/" + type + "?_count=10", type + ", the first ten");
        }
        if (types.containsAll(Router.DIRECTORY)) {
            link(html, root + Router.REPORTS + "/changes", "What changed, day by day");
            link(html, root + Router.REPORTS + "/mailboxes", "MSSanté mailboxes");
        }
        link(html, root + "/health/ready", "Health");
        link(html, root + "/metrics", "Metrics");
        return html.append("</ul></body></html>\n").toString();
    }

    private static void link(StringBuilder html, String url, String text) {
        html.append("<li><a href=\"")
                .append(Html.escaped(url))
                .append("\">")
                .append(Html.escaped(text))
                .append("</a></li>");
    }
}
