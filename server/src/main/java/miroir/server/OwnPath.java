package miroir.server;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.server.pipeline.FhirBase;
import miroir.server.pipeline.PathPrefix;
import org.jspecify.annotations.Nullable;

/**
 * Takes off a path what is not ours: the name under which a container has us, and the segment of the second base at which searches are read as
 * the directory's own API reads them ({@code /annuaire/fhir}). Links get both back.
 */
final class OwnPath implements Filter {
    private final @Nullable String directory;

    /**
     * In any container.
     *
     * @param directory the segment of that base, with a slash; null where there is none
     */
    OwnPath(@Nullable String directory) {
        this.directory = directory;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        String path = below(request);
        if (path == null) {
            // Containers find their way through such a path; we would judge another one than they do.
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        String segment = directory != null && isBelow(directory, path) ? directory : "";
        String prefix = request.getServletContext().getContextPath() + segment;
        if (prefix.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        Object before = request.getAttribute(PathPrefix.ATTRIBUTE);
        request.setAttribute(PathPrefix.ATTRIBUTE, (before == null ? "" : before) + prefix);
        if (!segment.isEmpty()) {
            request.setAttribute(PathPrefix.DIRECTORY, segment);
        }
        chain.doFilter(new Below(request, path.substring(segment.length())), response);
    }

    /** What stands behind the name under which the container has us; null where that is spelled in another way than it is written here. */
    private static @Nullable String below(HttpServletRequest request) {
        String name = request.getServletContext().getContextPath();
        String path = request.getRequestURI();
        boolean isPlain = name.isEmpty() || path.equals(name) || path.startsWith(name + "/");
        return isPlain ? path.substring(name.length()) : null;
    }

    private static boolean isBelow(String directory, String path) {
        String base = directory + FhirBase.PATH;
        return (path.equals(base) || path.startsWith(base + "/")) && !path.contains("/..");
    }

    /** A request of what is left of its path. */
    private static final class Below extends HttpServletRequestWrapper {
        private final String path;

        Below(HttpServletRequest request, String path) {
            super(request);
            this.path = path.isEmpty() ? "/" : path;
        }

        @Override
        public String getRequestURI() {
            return path;
        }

        @Override
        public String getContextPath() {
            return "";
        }
    }
}
