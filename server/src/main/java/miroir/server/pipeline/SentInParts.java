package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import miroir.index.json.Utf8Buffer;

/**
 * An answer that is sent while it is made, because it is longer than anybody would keep in memory. Where it fails after a part was sent the connection is cut: an
 * end would say that this was all.
 */
public final class SentInParts {
    private static final int FLUSHED = 1 << 16;

    /** Somebody waits, and whoever does not any more is noticed by sending. */
    private static final long LATEST = Duration.ofSeconds(5).toNanos();

    private static final String DISPOSITION = "Content-Disposition";

    private final HttpServletResponse response;
    private final ConnectedClient client;
    private final Utf8Buffer out = new Utf8Buffer(FLUSHED);
    private long written;
    private long flushedAt = System.nanoTime();

    private SentInParts(HttpServletResponse response, ConnectedClient client) {
        this.response = response;
        this.client = client;
    }

    /** What makes it. */
    public interface Source {
        /** Puts everything into the buffer, and says so after each part. */
        void sendTo(SentInParts sent) throws IOException;
    }

    /**
     * Sends all of it as a file; of nothing but headers where only these are asked for.
     *
     * @param file as which a browser keeps it
     */
    public static void send(
            String file, String contentType, Exchange exchange, HttpServletResponse response, Source source)
            throws IOException {
        response.setContentType(contentType);
        response.setHeader(DISPOSITION, "attachment; filename=\"" + file + "\"");
        if (exchange.request().getMethod().equals("HEAD")) {
            return;
        }
        try {
            send(exchange, response, source);
        } catch (Throwable failure) {
            if (!response.isCommitted()) {
                // What is told instead is no file, and all other headers stay.
                response.setHeader(DISPOSITION, null);
            }
            throw failure;
        }
    }

    /** Sends all of it, behind headers that are set. */
    public static void send(Exchange exchange, HttpServletResponse response, Source source) throws IOException {
        SentInParts sent = new SentInParts(response, ConnectedClient.of(exchange.request()));
        try {
            source.sendTo(sent);
            // Some close their side before they read: whoever does gets the end of what is complete as well.
            sent.flush();
        } catch (Throwable failure) {
            if (!response.isCommitted()) {
                throw failure;
            }
            throw new CutAnswer(failure);
        } finally {
            exchange.wrote(sent.written);
        }
    }

    /** How many bytes of it were sent so far. */
    public long bytes() {
        return written;
    }

    /** What is to be sent next. */
    public Utf8Buffer buffer() {
        return out;
    }

    /** A part is complete, which may be nothing; it goes off with others, or soon. */
    public void partDone() throws IOException {
        if (out.size() >= FLUSHED || System.nanoTime() - flushedAt > LATEST) {
            boolean isNothing = out.size() == 0;
            flush();
            if (isNothing) {
                requireSomebody();
            }
        }
    }

    private void requireSomebody() throws EOFException {
        if (client.isGone()) {
            throw new EOFException("who waits for the answer has gone");
        }
    }

    private void flush() throws IOException {
        flushedAt = System.nanoTime();
        out.writeTo(response.getOutputStream());
        response.flushBuffer();
        written += out.size();
        out.clear();
    }
}
