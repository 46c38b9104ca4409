package miroir.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.load.Load;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Tomcat, in which the servers of tests are mounted as the WAR mounts them. */
final class TomcatContainer implements TestContainer {
    @Override
    public Container start(Tenant tenant, String path) throws Exception {
        Path folder = Files.createTempDirectory("miroir-tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("relaxedQueryChars", "|");
        tomcat.getConnector()
                .setProperty(
                        "maxHttpHeaderSize",
                        String.valueOf(tenant.configuration().limits().headers()));
        // Otherwise Tomcat answers TRACE itself.
        tomcat.getConnector().setAllowTrace(true);
        Context context = tomcat.addContext(path, folder.toString());
        AtomicReference<DeployedServer> mounted = new AtomicReference<>();
        context.addServletContainerInitializer(
                (classes, servlets) -> mounted.set(DeployedServer.mount(tenant, servlets)), Set.of());
        tomcat.start();
        DeployedServer server = mounted.get();
        if (!context.getState().isAvailable() || server == null) {
            throw new IllegalStateException("Tomcat did not deploy the server: " + context.getStateName());
        }
        return new Both(tomcat, server);
    }

    /** The server and what it is in. */
    private record Both(Tomcat tomcat, DeployedServer server) implements Container {
        @Override
        public Load load(String name) {
            return server.load(name);
        }

        @Override
        public int port() {
            return tomcat.getConnector().getLocalPort();
        }

        @Override
        public String root(ServerConfiguration configuration) {
            return server.root(configuration);
        }

        @Override
        public void close() {
            try {
                tomcat.stop();
                server.close();
                tomcat.destroy();
            } catch (LifecycleException e) {
                throw new IllegalStateException("Tomcat did not stop", e);
            }
        }
    }
}
