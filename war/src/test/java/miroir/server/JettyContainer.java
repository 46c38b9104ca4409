package miroir.server;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.load.Load;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty that is as somebody else has set it up, in which the servers of tests are mounted as the WAR mounts them. */
final class JettyContainer implements TestContainer {
    @Override
    public Container start(Tenant tenant, String path) throws Exception {
        Server jetty = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(tenant.configuration().limits().headers());
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(path.isEmpty() ? "/" : path);
        AtomicReference<DeployedServer> mounted = new AtomicReference<>();
        context.addServletContainerInitializer(
                (classes, servlets) -> mounted.set(DeployedServer.mount(tenant, servlets)));
        jetty.setHandler(context);
        jetty.start();
        return new Both(jetty, connector, Objects.requireNonNull(mounted.get(), "what was mounted"));
    }

    /** The server and what it is in. */
    private record Both(Server jetty, ServerConnector connector, DeployedServer server) implements Container {
        @Override
        public Load load(String name) {
            return server.load(name);
        }

        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public String root(ServerConfiguration configuration) {
            return server.root(configuration);
        }

        @Override
        public void close() {
            try {
                jetty.stop();
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException("Jetty did not stop", e);
            }
        }
    }
}
