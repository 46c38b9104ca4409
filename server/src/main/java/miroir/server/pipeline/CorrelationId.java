package miroir.server.pipeline;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what a client knows again the requests that belong together. It is answered as it came. Where the client named only its request,
 * and that name was not taken ({@link RequestId}), R4 wants it answered here.
 */
final class CorrelationId {
    static final String HEADER = "X-Correlation-Id";

    private static final int LONGEST = 128;

    private CorrelationId() {}

    static Optional<String> of(@Nullable String sent, @Nullable String sentRequestId, String requestId) {
        String other = requestId.equals(sentRequestId) ? null : sentRequestId;
        return Optional.ofNullable(sent == null ? other : sent)
                .map(CorrelationId::cleaned)
                .filter(id -> !id.isEmpty());
    }

    private static String cleaned(String id) {
        String printable = id.replaceAll("[^\\x21-\\x7E]", "");
        return printable.substring(0, Math.min(LONGEST, printable.length()));
    }
}
