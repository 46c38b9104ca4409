package miroir.sync.upstream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A body in memory, up to a size that no page of ours has, as it came and as what it is unzipped. */
final class BoundedBody implements BodySubscriber<byte[]> {
    static final int MOST = 32 << 20;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream(64 << 10);
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            body.writeBytes(bytes);
        }
        if (body.size() > MOST && subscription != null) {
            subscription.cancel();
            whole.completeExceptionally(tooLong());
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(body.toByteArray());
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    /**
     * What the body says. A few kilobytes can be unzipped to gigabytes, so the bound holds for what comes out as well.
     *
     * @param coding the header {@code Content-Encoding}; empty: it has none
     */
    static byte[] decoded(byte[] body, String coding) throws IOException {
        return switch (coding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> body;
            case "gzip", "x-gzip" -> body.length == 0 ? body : unzipped(body);
            default -> throw new IOException("an answer in the coding " + coding + ", where gzip was allowed");
        };
    }

    private static byte[] unzipped(byte[] body) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 16 << 10)) {
            byte[] whole = in.readNBytes(MOST + 1);
            if (whole.length > MOST) {
                throw tooLong();
            }
            return whole;
        }
    }

    private static IOException tooLong() {
        return new IOException("an answer of more than " + MOST + " bytes");
    }
}
