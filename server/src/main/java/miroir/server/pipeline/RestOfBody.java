package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import miroir.index.store.Deadline;

/**
 * What a client still sends after it was refused. Many clients read no answer before they have sent all, and would see a closed
 * connection instead of the reason; so the answer goes out, and the rest is read and forgotten. No memory is held for it any more, but a
 * thread is, and anybody may be refused: so a few are waited for at once, and who has much more to send, or sends it slowly, is cut off.
 */
final class RestOfBody {
    private static final int MOST = 8 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int AT_ONCE = 16;

    private final Semaphore turns = new Semaphore(AT_ONCE);

    /** Sends the answer, and reads on. A client that asks before it sends need not be waited for. */
    void passOver(HttpServletRequest request, HttpServletResponse response) {
        long announced = request.getContentLengthLong();
        boolean chunked = announced < 0 && request.getHeader("Transfer-Encoding") != null;
        if (announced > MOST || (announced <= 0 && !chunked) || request.getHeader("Expect") != null) {
            return;
        }
        if (turns.tryAcquire()) {
            try {
                response.flushBuffer();
                forget(request.getInputStream(), Deadline.in(LONGEST));
            } catch (IOException | IllegalStateException e) {
                // It has gone, is too slow, or its body was never readable.
            } finally {
                turns.release();
            }
        }
    }

    private static void forget(InputStream in, Deadline deadline) throws IOException {
        byte[] forgotten = new byte[8192];
        int left = MOST;
        for (int read = 0; read >= 0 && left > 0 && !deadline.remaining().isNegative(); left -= read) {
            read = in.read(forgotten);
        }
    }
}
