package miroir.server;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.load.Load;
import miroir.server.load.LoadClock;
import miroir.server.pipeline.RequestMetrics;
import miroir.server.pipeline.TellTrace;
import miroir.server.proxy.Reached;

/**
 * The server in somebody else's container. All that answers is the same; how connections are made, how many there are at once, how long they may take,
 * TLS, compression and what is no request at all are the container's business.
 */
final class DeployedServer implements Container {
    private final ServedTenant served;
    private final TellTrace traces;
    private final LoadClock clock;
    private final String path;

    private DeployedServer(ServedTenant served, TellTrace traces, LoadClock clock, String path) {
        this.served = served;
        this.traces = traces;
        this.clock = clock;
        this.path = path;
    }

    /** Mounts everything; requests are answered when the container has begun. */
    static DeployedServer mount(Tenant tenant, ServletContext context) {
        ServerConfiguration configuration = tenant.configuration();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TellTrace traces = TellTrace.asConfigured(configuration.tracing());
        new Mounting(context).before(DeployedServer::tellScheme);
        ServedTenant served = ServeTenant.ofThisProcess(configuration.limits().inContainer(), meters, traces, false)
                .served(tenant, context, meters, new RequestMetrics(meters), List::of);
        LoadClock clock = new LoadClock(List.of(served.load()), InstantSource.system());
        return new DeployedServer(served, traces, clock, context.getContextPath());
    }

    private static void tellScheme(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(Reached.SCHEME, request.getScheme());
        chain.doFilter(request, response);
    }

    @Override
    public Load load(String tenant) {
        return served.load();
    }

    @Override
    public int port() {
        return 0;
    }

    @Override
    public String root(ServerConfiguration configuration) {
        return path;
    }

    /** The container takes no more requests by now. */
    @Override
    public void close() {
        served.announceStop();
        clock.close();
        ServedTenant.closeAll(List.of(served));
        traces.close();
    }
}
