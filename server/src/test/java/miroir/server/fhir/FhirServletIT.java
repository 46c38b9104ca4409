package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import miroir.index.store.ResourceStore;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.storage.views.StoredViews;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** The servlet trusts nobody who did not come through the pipeline. */
final class FhirServletIT {
    @Test
    void request_withoutRoute_isNotAnswered() throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        jetty.addConnector(connector);
        try (ResourceStore store = TestServer.memory()) {
            PageTokens tokens = new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system());
            ServerConfiguration configuration =
                    ServerConfiguration.read("test.yaml", "", Map.<String, String>of()::get);
            FhirParts parts = new FhirParts(store, TestServer.made(), tokens);
            ServletContextHandler servlets = new ServletContextHandler("/", false, false);
            servlets.addServlet(
                    new ServletHolder(FhirServlets.create(
                                    new PresentConfiguration(configuration),
                                    parts,
                                    StoredViews.none(),
                                    WorkingMemory.ofThisHeap(),
                                    Turns.of(configuration.limits()),
                                    Optional::empty,
                                    false)
                            .servlet()),
                    "/fhir/*");
            jetty.setHandler(servlets);
            jetty.start();

            String base = "http://127.0.0.1:" + connector.getLocalPort() + "/fhir/";
            for (String path : new String[] {"metadata", "Practitioner", "Practitioner/x"}) {
                assertThat(Http.send("GET", URI.create(base + path)).statusCode())
                        .as(path)
                        .isEqualTo(500);
            }
        } finally {
            jetty.stop();
        }
    }
}
