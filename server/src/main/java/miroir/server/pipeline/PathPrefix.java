package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;

/** What stood before a path and was taken off it, since it said for whom the request is, or how it is meant: links get it back. */
public final class PathPrefix {
    /** Under this name a request has it, with a slash at its beginning. */
    public static final String ATTRIBUTE = PathPrefix.class.getName();

    /** Under this name a request has the segment by which it is read as the directory reads it; otherwise nothing. */
    public static final String DIRECTORY = ATTRIBUTE + ".directory";

    private PathPrefix() {}

    /** An empty string: nothing was. */
    static String of(HttpServletRequest request) {
        return text(request, ATTRIBUTE);
    }

    /** An empty string: it is read as R4 says. */
    static String ofDirectory(HttpServletRequest request) {
        return text(request, DIRECTORY);
    }

    private static String text(HttpServletRequest request, String attribute) {
        return request.getAttribute(attribute) instanceof String text ? text : "";
    }
}
