package example;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.nio.file.Path;
import miroir.server.Miroir;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The hospital's HAPI server, with patients of its own and practitioners, roles and organizations from a store that Miroir keeps. */
public final class HospitalServer {
    private HospitalServer() {}

    public static void main(String[] arguments) throws Exception {
        Miroir miroir = Miroir.open(Path.of("conf"), System::getenv);
        Server server = serving(miroir, 8085);
        server.setStopAtShutdown(true);
        Runtime.getRuntime().addShutdownHook(new Thread(miroir::close, "close"));
        server.join();
    }

    /** Our own types and Miroir's, on a port of this machine. */
    static Server serving(Miroir miroir, int port) throws Exception {
        RestfulServer hapi = new RestfulServer(FhirContext.forR4());
        hapi.registerProvider(new Patients());
        miroir.register(hapi);
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler();
        servlets.addServlet(new ServletHolder(hapi), "/fhir/*");
        server.setHandler(servlets);
        server.start();
        return server;
    }
}
