package miroir.server;

import java.nio.ByteBuffer;
import miroir.index.json.Utf8Buffer;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.failure.WriteOutcome;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.RequestId;
import miroir.server.pipeline.RequestMetrics;
import miroir.server.pipeline.SecurityHeaders;
import miroir.server.proxy.Addresses;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty refuses by itself, such as headers that are too long, is an OperationOutcome like everything else, and stands
 * in the log and the metrics like everything else.
 */
final class JettyErrors extends ErrorHandler {
    private final RequestMetrics metrics;
    private final SecurityHeaders security;
    private final int headers;

    /**
     * Answers.
     *
     * @param headers bytes that URL and headers of a request may have
     */
    JettyErrors(RequestMetrics metrics, SecurityHeaders security, int headers) {
        this.metrics = metrics;
        this.security = security;
        this.headers = headers;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int status, String message, Throwable cause, Callback callback) {
        AnswerFormat format = AnswerFormat.ofFailure(
                request.getHttpURI().getQuery(), request.getHeaders().get(HttpHeader.ACCEPT));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, format.format().contentType());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        security.set(response.getHeaders()::put);
        ByteBuffer body = body(status, message, format);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        response.getHeaders().put(RequestId.HEADER, requestId(request, status));
        response.write(true, body, callback);
    }

    /** What the pipeline never saw is counted and written down here. */
    private String requestId(Request request, int status) {
        if (request.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange exchange) {
            return exchange.requestId();
        }
        String id = RequestId.of(request.getHeaders().get(RequestId.HEADER));
        metrics.refused(id, request.getMethod(), Addresses.spelled(Request.getRemoteAddr(request)), status);
        return id;
    }

    private ByteBuffer body(int status, @Nullable String message, AnswerFormat format) {
        String standard = HttpStatus.getMessage(status);
        String text = text(status, standard, message);
        Failure failure = Failures.ofStatus(status, status < 500 ? text : standard);
        Utf8Buffer out = WriteOutcome.errors(failure.issues(), format);
        return ByteBuffer.wrap(out.array(), 0, out.size());
    }

    private String text(int status, String standard, @Nullable String message) {
        if (status == HttpStatus.URI_TOO_LONG_414 || status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431) {
            return standard + ": the URL and the headers of a request have at most " + headers
                    + " bytes here (limits.headers in server.yaml)"
                    + (status == HttpStatus.URI_TOO_LONG_414 ? "; a search can be sent by POST as well" : "");
        }
        return message == null || message.isBlank() || message.equals(standard) ? standard : standard + ": " + message;
    }
}
