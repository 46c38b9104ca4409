package miroir.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The plainest HTTP client: what a test says is what is sent. */
public final class Http {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    /** Sends without a body; headers are names and values in turn. */
    public static HttpResponse<String> send(String method, URI uri, String... headers) throws Exception {
        return send(request(uri, headers).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    /** Sends FHIR JSON with the token that may write. */
    public static HttpResponse<String> write(String method, URI uri, String json, String... headers) throws Exception {
        return send(request(uri, headers)
                .header("Authorization", "Bearer " + TestServer.TOKEN)
                .header("Content-Type", "application/fhir+json")
                .method(method, HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8)));
    }

    /** Sends any body. */
    public static HttpResponse<String> send(String method, URI uri, byte[] body, String... headers) throws Exception {
        return send(request(uri, headers).method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Sends any body with the token that may write, or none, and takes the answer as it is. */
    public static HttpResponse<byte[]> sendForBytes(String method, URI uri, byte[] body, String... headers)
            throws Exception {
        HttpRequest request = request(uri, headers)
                .header("Authorization", "Bearer " + TestServer.TOKEN)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(URI uri, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder;
    }

    private static HttpResponse<String> send(HttpRequest.Builder builder) throws Exception {
        return CLIENT.send(builder.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
}
