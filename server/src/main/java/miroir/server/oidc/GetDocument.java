package miroir.server.oidc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import miroir.server.configuration.IssuerConfiguration;

/** Gets a small document from an issuer: within five seconds, and from where it was asked for, or not at all. */
final class GetDocument {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(LONGEST)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * Gets it.
     *
     * @param mayBeHttp whether it may be on loopback, without TLS
     */
    String at(String url, boolean mayBeHttp) throws IOException, InterruptedException {
        if (!IssuerConfiguration.isSafe(url) || !(mayBeHttp || url.startsWith("https:"))) {
            throw new IOException("\"" + url + "\" is neither an https URL nor, of an issuer that is one, an http one"
                    + " on loopback");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(LONGEST)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, head -> new SmallBody());
        try {
            HttpResponse<byte[]> response = sent.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException(url + " answers with the status " + response.statusCode());
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (ExecutionException e) {
            throw new IOException(url + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(url + " does not answer within " + LONGEST.toSeconds() + " seconds", e);
        } finally {
            sent.cancel(true);
        }
    }
}
