package miroir.server.pages;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health/live}: the process works. {@code /health/ready}: it can answer; 503 with progress until then, and again when
 * it is to stop.
 */
public final class HealthPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Readiness STOPPING = new Readiness(false, "the server is stopping");

    private final transient ResourceStore store;
    private final transient Supplier<List<String>> remarks;
    private final transient ReentrantLock asking = new ReentrantLock();
    private volatile boolean stopping;

    /** Guarded by the lock, like the next. */
    private transient @Nullable Readiness readiness;

    private long askedAt;

    /**
     * Answers.
     *
     * @param remarks what somebody should look after, although it keeps no request from being answered
     */
    public HealthPage(ResourceStore store, Supplier<List<String>> remarks) {
        this.store = store;
        this.remarks = remarks;
    }

    /** From now on {@code /health/ready} says that no more requests should be sent. */
    public void announceStop() {
        stopping = true;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (String.valueOf(request.getPathInfo())) {
            case "/live" -> write(response, new Readiness(true, "the process works"), List.of());
            case "/ready" -> write(response, stopping ? STOPPING : readiness(), remarks.get());
            default -> throw Router.noPage(request.getRequestURI());
        }
    }

    /** Nobody counts who asks, so the database is asked once a second at most. */
    private Readiness readiness() {
        asking.lock();
        try {
            Readiness known = readiness;
            if (known == null || System.nanoTime() - askedAt > GOOD_NANOS) {
                known = store.readiness();
                readiness = known;
                askedAt = System.nanoTime();
            }
            return known;
        } finally {
            asking.unlock();
        }
    }

    private void write(HttpServletResponse response, Readiness readiness, List<String> remarked) throws IOException {
        Utf8Buffer body = new Utf8Buffer(128);
        body.putAscii(
                "{\"status\":\"" + (readiness.ready() ? "up" : stopping ? "stopping" : "starting") + "\",\"detail\":");
        body.putQuoted(readiness.detail());
        writeRemarks(body, remarked);
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

    private static void writeRemarks(Utf8Buffer body, List<String> remarked) {
        String before = ",\"remarks\":[";
        for (String remark : remarked) {
            body.putAscii(before);
            body.putQuoted(remark);
            before = ",";
        }
        body.putAscii(remarked.isEmpty() ? "" : "]");
    }
}
