package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import miroir.server.TestServer;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.paging.PageTokens;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** A HAPI server that is not ours, with our types in it, beside what it may have of its own. */
record HostedServer(Server jetty, int port, RestfulServer hapi) implements AutoCloseable {

    /** Which answers models. */
    static HostedServer start() throws Exception {
        return start(withModels(host()));
    }

    static RestfulServer host() {
        return new RestfulServer(FhirContext.forR4Cached());
    }

    static RestfulServer withModels(RestfulServer host) {
        Plugin.register(host, configuration(), parts());
        return host;
    }

    static RestfulServer withBytes(RestfulServer host) {
        Plugin.registerAsBytes(host, configuration(), parts());
        return host;
    }

    static HostedServer start(RestfulServer host) throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler("/");
        servlets.addServlet(new ServletHolder(host), "/fhir/*");
        servlets.addFilter(new FilterHolder(HostedServer::readAll), "/fhir/*", EnumSet.of(DispatcherType.REQUEST));
        jetty.setHandler(servlets);
        jetty.start();
        return new HostedServer(jetty, connector.getLocalPort(), host);
    }

    /**
     * HAPI refuses some requests before their body is there, and what remains unread ends the connection after an answer that does
     * not say so: what a client sent next on it would fail, now and then.
     */
    private static void readAll(ServletRequest request, ServletResponse response, FilterChain rest)
            throws IOException, ServletException {
        rest.doFilter(request, response);
        request.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static ServerConfiguration configuration() {
        return ServerConfiguration.read("test.yaml", "", Map.<String, String>of()::get);
    }

    private static FhirParts parts() {
        PageTokens tokens = new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system());
        return new FhirParts(TestServer.memory(), TestServer.made(), tokens);
    }

    String base() {
        return "http://127.0.0.1:" + port + "/fhir";
    }

    @Override
    public void close() {
        LifeCycle.stop(jetty);
    }
}
