package miroir.server.pipeline;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body ends in a refusal where it becomes too large, before and after it is unpacked: a few kilobytes
 * of gzip can hold gigabytes. Before more than a small part of it is read there is memory for all of it.
 */
final class BoundedRequest extends HttpServletRequestWrapper {
    private final Exchange exchange;
    private final BodyLimits limits;

    private BoundedRequest(Exchange exchange, BodyLimits limits) {
        super(exchange.request());
        this.exchange = exchange;
        this.limits = limits;
    }

    /** The request of a routed exchange. */
    static HttpServletRequest of(Exchange exchange, BodyLimits limits) {
        refuseOtherTransfers(all(exchange.request(), "Transfer-Encoding"));
        if (exchange.request().getContentLengthLong() > limits.most(exchange)) {
            throw limits.tooLarge(exchange);
        }
        return new BoundedRequest(exchange, limits);
    }

    /** Jetty takes chunks apart, and leaves what else was done to the body. */
    private static void refuseOtherTransfers(String encoding) {
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("chunked")) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "the Transfer-Encoding \"" + Refusal.shown(encoding) + "\" is not known here; chunked is");
        }
    }

    private static String all(HttpServletRequest request, String header) {
        return String.join(", ", Collections.list(request.getHeaders(header)));
    }

    /** As it was sent: Jetty would throw where the charset in it is none. */
    @Override
    public @Nullable String getContentType() {
        return getHeader("Content-Type");
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        int most = limits.most(exchange);
        String encoding = all(this, "Content-Encoding");
        if (encoding.isEmpty() || encoding.equalsIgnoreCase("identity")) {
            long length = getContentLengthLong();
            return new Bounded(super.getInputStream(), length < 0 ? most : length, length >= 0);
        }
        if (encoding.toLowerCase(Locale.ROOT).equals("gzip")) {
            return new Bounded(unpacked(new Bounded(super.getInputStream(), 0, true)), most, false);
        }
        throw new Refusal(
                Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                "the Content-Encoding \"" + Refusal.shown(encoding) + "\" is not known here; gzip and identity are");
    }

    private static InputStream unpacked(InputStream sent) throws IOException {
        try {
            return new GZIPInputStream(sent);
        } catch (ZipException | EOFException e) {
            throw notGzip();
        }
    }

    private static Refusal notGzip() {
        return new Refusal(Refusal.Reason.INVALID, "the body is not what its Content-Encoding says: gzip");
    }

    private static Refusal tooSlow() {
        return new Refusal(
                Refusal.Reason.TOO_SLOW,
                "the body came too slowly (limits.requestRate and limits.idle in server.yaml say what is too slow)");
    }

    /** Counts what is read. */
    private final class Bounded extends ServletInputStream {
        private final InputStream in;
        private final long expected;
        private final long first;
        private long count;
        private boolean hasRoom;
        private boolean hasAll;

        /**
         * Counts.
         *
         * @param expected how much will be kept in memory at most
         * @param isLengthSaid whether the client has said so
         */
        Bounded(InputStream in, long expected, boolean isLengthSaid) {
            this.in = in;
            this.expected = expected;
            this.first = isLengthSaid ? expected : limits.firstOf(expected);
            this.hasAll = first == expected;
            this.hasRoom = expected <= BodyLimits.SMALL;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = readFrom(bytes, from, length);
            count += Math.max(read, 0);
            if (count > limits.most(exchange)) {
                throw limits.tooLarge(exchange);
            }
            if (count > BodyLimits.SMALL && !hasRoom) {
                hasRoom = true;
                limits.makeRoom(exchange, first);
            }
            if (count > first && !hasAll) {
                hasAll = true;
                limits.makeMoreRoom(exchange, expected - first);
            }
            return read;
        }

        private int readFrom(byte[] bytes, int from, int length) throws IOException {
            try {
                return in.read(bytes, from, length);
            } catch (ZipException e) {
                throw notGzip();
            } catch (EOFException e) {
                throw new Refusal(Refusal.Reason.INVALID, "the body ended early");
            } catch (IOException e) {
                if (e.getCause() instanceof TimeoutException) {
                    throw tooSlow();
                }
                throw e;
            }
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("bodies are read where they are needed");
        }
    }
}
