package miroir.server;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.configuration.ListenConfiguration;
import miroir.server.configuration.ServerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What a container of servlets calls when it deploys the WAR, and when it undeploys it.
 *
 * <p>What {@code conf/server.yaml} takes from the environment is taken from parameters of the context before, and from properties of the JVM, so that two
 * contexts of one container can be two servers. Nobody here knows what the container listens to, so it is taken for what others can reach, unless
 * {@code MIROIR_HOST} says otherwise; what the file says of an address is about our own server.
 */
public final class WarMain implements ServletContextListener {
    private static final String FOLDER = "MIROIR_CONF";
    private static final String SHIPPED = "/WEB-INF/conf";
    private static final String ADDRESS = "MIROIR_HOST";
    private static final String ANY_ADDRESS = "0.0.0.0";

    private @Nullable Application application;

    /** The container makes one. */
    public WarMain() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        try {
            application = deploy(context);
        } catch (Exception | LinkageError e) {
            throw new IllegalStateException("Miroir cannot be deployed: " + e.getMessage(), e);
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (application != null) {
            application.close();
        }
    }

    private static Application deploy(ServletContext context) throws Exception {
        Function<String, @Nullable String> environment = name -> said(context, name);
        Path folder = folder(context);
        ServerConfiguration configuration = ServerMain.configuration(folder, environment);
        requireDeployable(folder, configuration, TenantFiles.readAll(folder, configuration, environment));
        if (!ListenConfiguration.isLoopback(said(context, ADDRESS))) {
            requireMeant(folder, configuration.access());
        }
        return Application.deploy(configuration, folder, context, context::log);
    }

    private static void requireMeant(Path folder, AccessConfiguration access) {
        if (access.mode() == AccessConfiguration.Mode.OPEN && !access.openBeyondLoopback()) {
            throw new ConfigurationRefused(
                    folder.toString(),
                    "access.mode is open, and others may reach what the container listens to: set access.mode to token, access.openBeyondLoopback to true,"
                            + " or " + ADDRESS + " to 127.0.0.1 where it listens to this machine alone");
        }
    }

    private static @Nullable String said(ServletContext context, String name) {
        String said = known(context, name);
        return said == null && name.equals(ADDRESS) ? ANY_ADDRESS : said;
    }

    private static @Nullable String known(ServletContext context, String name) {
        String parameter = context.getInitParameter(name);
        return parameter == null ? System.getProperty(name, System.getenv(name)) : parameter;
    }

    private static Path folder(ServletContext context) {
        String named = said(context, FOLDER);
        String shipped = context.getRealPath(SHIPPED);
        if (named == null && shipped == null) {
            throw new ConfigurationRefused(
                    FOLDER, "names no folder with a server.yaml, and the container does not unpack the one in the WAR");
        }
        return Path.of(named == null ? shipped : named);
    }

    /** Refuses what only our own server does. */
    private static void requireDeployable(Path folder, ServerConfiguration configuration, List<TenantFiles> tenants) {
        if (configuration.listen().tls().isPresent()) {
            throw new ConfigurationRefused(
                    folder.toString(), "listen.tls is the business of the container in which this is deployed");
        }
        if (!tenants.isEmpty()) {
            throw new ConfigurationRefused(
                    folder.resolve("tenants").toString(),
                    "tenants are served by our own server only; deploy the WAR once for each, each with a database of its own");
        }
    }
}
