package miroir.sync.upstream;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import miroir.sync.upstream.JudgeAnswer.Received;

/** One call at a time over HTTP: the whole answer within the time-out, or an {@link IOException}. */
final class Connection {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final String SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    static {
        // Java tells a proxy on the way to TLS no password unless it is told so before the first client is made. The
        // password is the one that the configuration gives for this proxy, and goes to it alone.
        if (System.getProperty(SCHEMES) == null) {
            System.setProperty(SCHEMES, "");
        }
    }

    private final HttpClient client;
    private final Source source;

    Connection(Source source) {
        this.source = source;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(source.timeout().compareTo(CONNECT) < 0 ? source.timeout() : CONNECT);
        if (source.proxy() != null) {
            ProxyAddress proxy = ProxyAddress.parse(source.proxy());
            builder.proxy(ProxySelector.of(proxy.socket()));
            if (proxy.asksForUser()) {
                builder.authenticator(proxy.authenticator());
            }
        }
        if (source.trust() != null) {
            builder.sslContext(TrustAnchors.and(source.trust()));
        }
        this.client = builder.build();
    }

    Received get(URI uri, boolean link) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(source.timeout())
                .header("Accept", "application/fhir+json")
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "miroir");
        if (!source.key().isEmpty()) {
            request.header(source.key().header(), source.key().value());
        }
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request.build(), info -> new BoundedBody());
        try {
            // The client's own time-out ends with the headers; a body that trickles in has to be in time as well.
            HttpResponse<byte[]> response = answer.get(source.timeout().toNanos(), TimeUnit.NANOSECONDS);
            HttpHeaders headers = response.headers();
            return new Received(
                    response.statusCode(),
                    headers.firstValue("Date").orElse(null),
                    headers.firstValue("Retry-After").orElse(null),
                    headers.firstValue("Content-Type").orElse(null),
                    BoundedBody.decoded(
                            response.body(),
                            headers.firstValue("Content-Encoding").orElse("")),
                    link);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + source.timeout().toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }
}
