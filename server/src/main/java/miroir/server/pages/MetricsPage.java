package miroir.server.pages;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** {@code /metrics} in Prometheus' text format. */
public final class MetricsPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient PrometheusMeterRegistry registry;
    private final transient List<Runnable> refreshes;
    private final ReentrantLock one = new ReentrantLock();

    /**
     * Answers.
     *
     * @param refreshes what is done before, to know what is not counted as it happens
     */
    public MetricsPage(PrometheusMeterRegistry registry, List<Runnable> refreshes) {
        this.registry = registry;
        this.refreshes = List.copyOf(refreshes);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = scrape().getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain;version=0.0.4;charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** One at a time: nobody reads while somebody else puts other rows in the place of what there was. */
    private String scrape() {
        one.lock();
        try {
            refreshes.forEach(Runnable::run);
            return registry.scrape();
        } finally {
            one.unlock();
        }
    }
}
