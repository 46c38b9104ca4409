package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import miroir.server.TestServer;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.paging.PageTokens;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** A HAPI server that is not ours, with our providers and hooks in it. */
record HostedServer(Server jetty, int port) implements AutoCloseable {

    static HostedServer start() throws Exception {
        ServerConfiguration configuration = ServerConfiguration.read("test.yaml", "", Map.<String, String>of()::get);
        PageTokens tokens = new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system());
        FhirContext context = FhirContext.forR4Cached();
        FhirParts parts = new FhirParts(TestServer.memory(), TestServer.REGISTRY, 1, tokens);
        RestfulServer host = new RestfulServer(context);
        host.registerProviders(FhirServlets.providers(context, configuration, parts));
        host.registerInterceptor(new AnswerHooks(context, false));
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler("/");
        servlets.addServlet(new ServletHolder(host), "/fhir/*");
        jetty.setHandler(servlets);
        jetty.start();
        return new HostedServer(jetty, connector.getLocalPort());
    }

    String base() {
        return "http://127.0.0.1:" + port + "/fhir";
    }

    @Override
    public void close() {
        LifeCycle.stop(jetty);
    }
}
