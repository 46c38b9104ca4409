package miroir.server.failure;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.index.json.Utf8Buffer;

/** Answers a servlet request with a failure. */
public final class WriteFailure {
    private WriteFailure() {}

    /** Writes status, headers and outcome; returns the length of the body, or 0 where the answer had begun already. */
    public static int to(HttpServletResponse response, Failure failure) throws IOException {
        if (response.isCommitted()) {
            return 0;
        }
        response.resetBuffer();
        response.setStatus(failure.status());
        failure.headers().forEach(response::setHeader);
        response.setHeader("Cache-Control", "no-store");
        Utf8Buffer body = OutcomeJson.errors(failure.issues());
        response.setContentType("application/fhir+json;charset=UTF-8");
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
        return body.size();
    }
}
