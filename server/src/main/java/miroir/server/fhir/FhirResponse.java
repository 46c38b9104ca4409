package miroir.server.fhir;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import ca.uhn.fhir.rest.server.servlet.ServletRestfulResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import miroir.server.failure.Failures;
import miroir.server.failure.WriteFailure;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * HAPI's way to the client. That this is a class of its own also keeps HAPI from resetting a failed response and adding
 * its headers again, {@code Date} among them.
 */
final class FhirResponse extends ServletRestfulResponse {
    private boolean finished;

    FhirResponse(ServletRequestDetails details) {
        super(details);
    }

    /** Answers with the failure; whatever HAPI writes afterwards is dropped. */
    void finish(Throwable failure) throws IOException {
        finished = true;
        HttpServletRequest request = getRequestDetails().getServletRequest();
        HttpServletResponse response = getRequestDetails().getServletResponse();
        Exchange exchange = Exchange.of(request);
        AnswerFormat format = AnswerFormat.ofFailure(exchange.request(), exchange.query(), exchange.preferredFormat());
        exchange.wrote(WriteFailure.to(response, Failures.of(failure, exchange.requestId()), format));
    }

    /** HAPI takes the charset away again, and would replace what else the answer varies by. */
    @Override
    public OutputStream getResponseOutputStream(
            int status, @Nullable String contentType, @Nullable Integer contentLength) throws IOException {
        OutputStream out = super.getResponseOutputStream(status, contentType, contentLength);
        HttpServletResponse response = getRequestDetails().getServletResponse();
        response.addHeader("Vary", "Accept");
        if (contentType != null) {
            response.setContentType(contentType);
        }
        return out;
    }

    @Override
    public Writer getResponseWriter(int status, String contentType, String charset, boolean gzip) throws IOException {
        return finished ? Writer.nullWriter() : super.getResponseWriter(status, contentType, charset, gzip);
    }
}
