package miroir.server.pages;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.server.pipeline.Exchange;
import miroir.server.proxy.Addresses;

/** {@code /metrics} in Prometheus' text format. */
public final class MetricsPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Pattern SYNCHRONISATIONS = Pattern.compile("(# (HELP|TYPE) )?miroir_synchronisation");

    private final transient PrometheusMeterRegistry registry;
    private final transient List<Runnable> refreshes;
    private final boolean isOpen;
    private final ReentrantLock one = new ReentrantLock();

    /**
     * Answers.
     *
     * @param refreshes what is done before, to know what is not counted as it happens
     * @param isOpen whether anybody may know how synchronisations stand, as anybody may read what they copy
     */
    public MetricsPage(PrometheusMeterRegistry registry, List<Runnable> refreshes, boolean isOpen) {
        this.registry = registry;
        this.isOpen = isOpen;
        this.refreshes = List.copyOf(refreshes);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String all = scrape();
        byte[] body = (mayKnowAll(request) ? all : withoutSynchronisations(all)).getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain;version=0.0.4;charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Where reading takes a token, whoever shows one, and who asks from this machine. */
    private boolean mayKnowAll(HttpServletRequest request) {
        Exchange exchange = Exchange.of(request);
        return isOpen || !exchange.consumer().isEmpty() || Addresses.isLoopback(exchange.client());
    }

    private static String withoutSynchronisations(String metrics) {
        return metrics.lines()
                .filter(line -> !SYNCHRONISATIONS.matcher(line).lookingAt())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
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
