package miroir.server;

import miroir.server.pipeline.PathPrefix;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/** A request whose path begins behind what says for whom it is, or how it is meant. */
final class WithoutSegment extends Request.Wrapper {
    private final HttpURI uri;

    /**
     * Takes something off a path, or leaves the path as it is.
     *
     * @param segment for links, with a slash
     * @param path what is left
     */
    WithoutSegment(Request request, String segment, String path) {
        super(request);
        uri = HttpURI.build(request.getHttpURI())
                .path(path.isEmpty() ? "/" : path)
                .asImmutable();
        Object before = request.getAttribute(PathPrefix.ATTRIBUTE);
        setAttribute(PathPrefix.ATTRIBUTE, (before == null ? "" : before) + segment);
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }
}
