package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;

/** The first segment of a path, where it names a tenant: whoever chooses the tenant takes it off the path, and leaves it here for links. */
public final class TenantPath {
    /** Under this name a request has it, with a slash at its beginning. */
    public static final String ATTRIBUTE = TenantPath.class.getName();

    private TenantPath() {}

    /** An empty string: the request is for the server's own. */
    static String of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String path ? path : "";
    }
}
