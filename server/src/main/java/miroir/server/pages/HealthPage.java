package miroir.server.pages;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import miroir.server.routing.Router;

/**
 * {@code /health/live}: the process works. {@code /health/ready}: it can answer; 503 with progress until then, and again when
 * it is to stop.
 */
public final class HealthPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Readiness STOPPING = new Readiness(false, "the server is stopping");

    private final transient ResourceStore store;
    private volatile boolean stopping;

    public HealthPage(ResourceStore store) {
        this.store = store;
    }

    /** From now on {@code /health/ready} says that no more requests should be sent. */
    public void announceStop() {
        stopping = true;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (String.valueOf(request.getPathInfo())) {
            case "/live" -> write(response, new Readiness(true, "the process works"));
            case "/ready" -> write(response, stopping ? STOPPING : store.readiness());
            default -> throw Router.noPage(request.getRequestURI());
        }
    }

    private void write(HttpServletResponse response, Readiness readiness) throws IOException {
        Utf8Buffer body = new Utf8Buffer(128);
        body.putAscii(
                "{\"status\":\"" + (readiness.ready() ? "up" : stopping ? "stopping" : "starting") + "\",\"detail\":");
        body.putQuoted(readiness.detail());
        body.putAscii("}\n");
        response.setStatus(readiness.ready() ? 200 : 503);
        if (!readiness.ready()) {
            response.setHeader("Retry-After", "2");
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json;charset=UTF-8");
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
    }
}
