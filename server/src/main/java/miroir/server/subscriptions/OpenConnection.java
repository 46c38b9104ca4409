package miroir.server.subscriptions;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A connection to a receiver, on which one thing after the other is sent. Of an answer only the status counts; the rest is read, within bounds, and thrown away. */
final class OpenConnection {
    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_LINES = 100;
    private static final int MOST_BYTES = 65_536;
    private static final int HEXADECIMAL = 16;
    private static final int MOST_INTERIM = 5;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final Socket socket;
    private final Socket raw;
    private final InputStream in;
    private boolean isReusable;
    private boolean isUsed;

    /**
     * A connection that is made.
     *
     * @param socket on which is written and read
     * @param raw that one, or what is below its TLS
     */
    OpenConnection(Socket socket, Socket raw) throws IOException {
        this.socket = socket;
        this.raw = raw;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** The other side closed it before it answered anything: it was about to when this was sent. */
    static final class Stale extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** What ends it at once when it is closed: over TLS the goodbye of a close waits for who takes nothing any more. */
    Socket raw() {
        return raw;
    }

    /** Whether something else can be sent on it. */
    boolean isReusable() {
        return isReusable;
    }

    /** Sends it and returns the status of the answer. */
    int exchange(Notification notification) throws IOException {
        isReusable = false;
        boolean wasUsed = isUsed;
        isUsed = true;
        String first;
        try {
            write(notification);
            first = line();
        } catch (IOException e) {
            if (wasUsed) {
                throw new Stale();
            }
            throw e;
        }
        return answer(first);
    }

    private void write(Notification notification) throws IOException {
        URI url = notification.url();
        byte[] body = notification.body();
        StringBuilder head = new StringBuilder(notification.method())
                .append(' ')
                .append(url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                .append(url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(Receiver.authority(url))
                .append("\r\nUser-Agent: Miroir\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        for (Map.Entry<String, String> header : notification.headers()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        socket.getOutputStream().write(all);
        socket.getOutputStream().flush();
    }

    private int answer(String first) throws IOException {
        int status = status(first);
        for (int interim = 0; status < OK; interim++) {
            // There is another answer to come.
            if (interim == MOST_INTERIM) {
                throw new IOException("the receiver answers with " + status + " more than " + MOST_INTERIM + " times");
            }
            skipHeaders();
            status = status(line());
        }
        try {
            isReusable = isReadToTheEnd(status, first);
        } catch (IOException e) {
            // Whether it was taken is known already.
            isReusable = false;
        }
        return status;
    }

    private void skipHeaders() throws IOException {
        int lines = 0;
        while (!line().isEmpty()) {
            if (++lines > MOST_LINES) {
                throw new IOException("the answer has more than " + MOST_LINES + " headers");
            }
        }
    }

    /** Whether the rest of an answer was read, and another one can follow it. */
    private boolean isReadToTheEnd(int status, String first) throws IOException {
        long length = -1;
        boolean isChunked = false;
        boolean isKept = first.startsWith("HTTP/1.1");
        int lines = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (++lines > MOST_LINES) {
                throw new IOException("the answer has more than " + MOST_LINES + " headers");
            }
            String lower = line.toLowerCase(Locale.ROOT);
            String value = lower.substring(lower.indexOf(':') + 1).strip();
            if (lower.startsWith("content-length:")) {
                length = number(value, 10);
            } else if (lower.startsWith("transfer-encoding:")) {
                isChunked = value.endsWith("chunked");
            } else if (lower.startsWith("connection:")) {
                isKept = !value.contains("close");
            }
        }
        boolean isBare = status == NO_CONTENT || status == NOT_MODIFIED;
        return isKept && (isBare || (isChunked ? skipChunks() : length >= 0 && skip(length)));
    }

    private static int status(String first) throws IOException {
        String[] parts = first.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("the answer is no HTTP/1.1");
        }
        return Integer.parseInt(parts[1]);
    }

    /** False where it is too long to be read. */
    private boolean skip(long length) throws IOException {
        if (length > MOST_BYTES) {
            return false;
        }
        in.skipNBytes(length);
        return true;
    }

    private boolean skipChunks() throws IOException {
        long all = 0;
        while (true) {
            long length = number(line().split(";", 2)[0].strip(), HEXADECIMAL);
            if (length == 0) {
                return line().isEmpty();
            }
            all += length;
            if (all > MOST_BYTES || !skip(length) || !line().isEmpty()) {
                return false;
            }
        }
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused like those below zero.
        }
        throw new IOException("the answer does not say how long it is");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed before the end of the answer");
            }
            if (line.length() >= LONGEST_LINE) {
                throw new IOException("a line of the answer has more than " + LONGEST_LINE + " characters");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    void close() {
        close(raw);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more, whatever became of it.
            return;
        }
    }
}
