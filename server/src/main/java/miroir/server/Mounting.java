package miroir.server;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.Set;

/** Puts what answers into a container, by what the Servlet API has for that: into our own as into somebody else's. */
final class Mounting {
    private final ServletContext context;
    private int mounted;

    /** Into a container that has not begun to answer. */
    Mounting(ServletContext context) {
        this.context = context;
    }

    /** Before everything that is mounted, in the order of the calls. */
    void before(Filter filter) {
        FilterRegistration.Dynamic registered = context.addFilter(name(filter), filter);
        registered.setAsyncSupported(true);
        registered.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    }

    /** For these paths, as the Servlet API has them. */
    ServletRegistration.Dynamic at(Servlet servlet, String... paths) {
        ServletRegistration.Dynamic registered = context.addServlet(name(servlet), servlet);
        registered.setAsyncSupported(true);
        Set<String> taken = registered.addMapping(paths);
        if (!taken.isEmpty()) {
            throw new IllegalStateException("something else answers at " + taken);
        }
        return registered;
    }

    private String name(Object mount) {
        mounted++;
        return mounted + " " + mount.getClass().getSimpleName();
    }
}
