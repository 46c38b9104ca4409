package miroir.server.failure;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.index.json.Utf8Buffer;
import miroir.server.format.AnswerFormat;

/** Answers a servlet request with a failure. */
public final class WriteFailure {
    private WriteFailure() {}

    /** Writes status, headers and outcome; returns the length of the body, or 0 where the answer had begun already. */
    public static int to(HttpServletResponse response, Failure failure, AnswerFormat format) throws IOException {
        if (response.isCommitted()) {
            return 0;
        }
        response.resetBuffer();
        response.setStatus(failure.status());
        failure.headers().forEach(response::setHeader);
        response.setHeader("Cache-Control", "no-store");
        Utf8Buffer body = WriteOutcome.errors(failure.issues(), format);
        response.setContentType(format.format().contentType());
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
        return body.size();
    }
}
