package miroir.server.routing;

import java.util.List;

/** The path exists, the method does not work on it. The answer must name the methods that do. */
public final class MethodRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String allowed;

    MethodRefused(String method, String what, List<String> allowed) {
        super(method + " does not work on " + what + "; allowed: " + String.join(", ", allowed), null, false, false);
        this.allowed = String.join(", ", allowed);
    }

    /** The value of the {@code Allow} header. */
    public String allowed() {
        return allowed;
    }
}
