package miroir.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request, and all the ways to answer it, those of a broken server among them. */
final class Answer {
    static final String FHIR_JSON = "application/fhir+json;charset=UTF-8";

    private final Request request;
    private final Response response;
    private final Callback callback;

    Answer(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    String method() {
        return request.getMethod();
    }

    String path() {
        return Request.getPathInContext(request);
    }

    /** Still percent-encoded. */
    String query() {
        String query = request.getHttpURI().getQuery();
        return query == null ? "" : query;
    }

    /** As the client wrote it, without the host. */
    String address() {
        return request.getHttpURI().getPathQuery();
    }

    String header(String name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    String host() {
        return Request.getServerName(request) + ":" + Request.getServerPort(request);
    }

    String body() throws IOException {
        return Content.Source.asString(request, UTF_8);
    }

    HttpFields.Mutable headers() {
        return response.getHeaders();
    }

    /** An answer as a whole. */
    void send(int status, String contentType, byte[] body) {
        response.setStatus(status);
        if (!contentType.isEmpty()) {
            headers().put(HttpHeader.CONTENT_TYPE, contentType);
        }
        headers().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    void send(int status, String contentType, String body) {
        send(status, contentType, body.getBytes(UTF_8));
    }

    /** A successful answer that is written bit by bit. */
    void stream(String contentType, Body body) throws IOException {
        response.setStatus(200);
        headers().put(HttpHeader.CONTENT_TYPE, contentType);
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            body.write(out);
        }
        callback.succeeded();
    }

    /** Says how long the answer is, sends a part of it and closes the connection. */
    void cut(String contentType, byte[] body) throws IOException {
        response.setStatus(200);
        headers().put(HttpHeader.CONTENT_TYPE, contentType);
        headers().put(HttpHeader.CONTENT_LENGTH, body.length);
        Content.Sink.write(response, false, ByteBuffer.wrap(body, 0, body.length / 2));
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        callback.failed(new IOException("cut on purpose"));
    }

    /** What writes a body. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }
}
