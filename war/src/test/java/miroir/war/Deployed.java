package miroir.war;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A container that listens to a port of this machine, with the WAR at a path. */
interface Deployed {
    /** What was built. */
    Path WAR = Path.of("target", "miroir.war").toAbsolutePath();

    int port();

    /** Takes the application out again, and leaves the container. */
    void undeploy() throws Exception;

    /** Stops the container. */
    void stop() throws Exception;

    /** Tomcat, with these parameters of the context. */
    static Deployed inTomcat(String path, Map<String, String> parameters) throws Exception {
        Path folder = Files.createTempDirectory("miroir-tomcat");
        Files.createDirectory(folder.resolve("webapps"));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("relaxedQueryChars", "|");
        Context context = tomcat.addWebapp(path, WAR.toString());
        ((StandardContext) context).setParentClassLoader(new ContainersOwn(Deployed.class.getClassLoader()));
        parameters.forEach(context::addParameter);
        tomcat.start();
        if (!context.getState().isAvailable()) {
            tomcat.destroy();
            throw new IllegalStateException("Tomcat did not deploy the WAR: " + context.getStateName());
        }
        return new Deployed() {
            @Override
            public int port() {
                return tomcat.getConnector().getLocalPort();
            }

            @Override
            public void undeploy() throws Exception {
                context.stop();
            }

            @Override
            public void stop() throws Exception {
                tomcat.stop();
                tomcat.destroy();
            }
        };
    }

    /** Jetty. */
    static Deployed inJetty(String path, Map<String, String> parameters) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ClassLoader ofTests = Thread.currentThread().getContextClassLoader();
        // What the loader of the application is made from.
        Thread.currentThread().setContextClassLoader(new ContainersOwn(Deployed.class.getClassLoader()));
        WebAppContext context;
        try {
            context = new WebAppContext(WAR.toString(), path);
            context.setThrowUnavailableOnStartupException(true);
            parameters.forEach(context::setInitParameter);
            server.setHandler(context);
            server.start();
        } catch (Exception e) {
            server.stop();
            throw e;
        } finally {
            Thread.currentThread().setContextClassLoader(ofTests);
        }
        return new Deployed() {
            @Override
            public int port() {
                return connector.getLocalPort();
            }

            @Override
            public void undeploy() throws Exception {
                context.stop();
            }

            @Override
            public void stop() throws Exception {
                server.stop();
            }
        };
    }
}
