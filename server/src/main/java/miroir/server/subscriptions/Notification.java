package miroir.server.subscriptions;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** What is sent: a method of HTTP, a URL below the endpoint, headers besides those that say how long it is and from whom, and a body, which may be empty. */
final class Notification {
    private final String method;
    private final URI url;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;

    /** The body is what was made for it, and nobody changes it. */
    Notification(String method, URI url, List<Map.Entry<String, String>> headers, byte[] body) {
        this.method = method;
        this.url = url;
        this.headers = List.copyOf(headers);
        this.body = body;
    }

    String method() {
        return method;
    }

    URI url() {
        return url;
    }

    List<Map.Entry<String, String>> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }
}
