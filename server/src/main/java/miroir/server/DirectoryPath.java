package miroir.server;

import miroir.server.pipeline.FhirBase;
import miroir.server.pipeline.PathPrefix;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A second base for the same resources, {@code /annuaire/fhir}, at which searches are read as the directory's own API reads them. */
final class DirectoryPath extends Handler.Wrapper {
    private final String segment;

    DirectoryPath(String name, Handler handler) {
        super(handler);
        this.segment = "/" + name;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (path == null || !path.startsWith(segment + FhirBase.PATH) || path.contains("/..")) {
            return super.handle(request, response, callback);
        }
        Request below = new WithoutSegment(request, segment, path.substring(segment.length()));
        below.setAttribute(PathPrefix.DIRECTORY, segment);
        return super.handle(below, response, callback);
    }
}
