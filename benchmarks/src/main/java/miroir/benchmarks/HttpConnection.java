package miroir.benchmarks;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLSocketFactory;

/**
 * One kept-alive connection that asks and waits, with as little work as HTTP/1.1 allows: the client shares the machine
 * with what it measures.
 */
public final class HttpConnection implements Closeable {
    private static final int BEGINNING = 4096;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String host;
    private final String headers;
    private final byte[] buffer = new byte[1 << 16];
    private byte[] body = new byte[1 << 16];
    private int position;
    private int limit;
    private int bodySize;

    /** To a port of this machine. */
    public HttpConnection(int port) throws IOException {
        this(port, "");
    }

    /**
     * The same with more headers.
     *
     * @param headers lines that end with CR and LF
     */
    public HttpConnection(int port, String headers) throws IOException {
        this(URI.create("http://127.0.0.1:" + port), headers);
    }

    /**
     * To any server.
     *
     * @param base of which the path is left to whoever asks
     */
    public HttpConnection(URI base, String headers) throws IOException {
        boolean isTls = "https".equals(base.getScheme());
        int port = base.getPort() >= 0 ? base.getPort() : isTls ? 443 : 80;
        socket = isTls
                ? SSLSocketFactory.getDefault().createSocket(base.getHost(), port)
                : new Socket(base.getHost(), port);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        host = base.getRawAuthority();
        this.headers = headers;
    }

    /** Asks and reads the whole answer; returns its status. */
    public int get(String target) throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: application/fhir+json\r\n"
                + headers + "\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        return readAnswer();
    }

    /** Sends a resource and reads the whole answer; returns its status. */
    int send(String method, String target, byte[] resource) throws IOException {
        return send(method, target, "application/fhir+json", resource);
    }

    /** Sends what has that type and reads the whole answer; returns its status. */
    public int send(String method, String target, String type, byte[] resource) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: " + type + "\r\nPrefer: return=minimal\r\nContent-Length: "
                + resource.length + "\r\n" + headers + "\r\n";
        byte[] request = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + resource.length);
        System.arraycopy(resource, 0, request, head.length(), resource.length);
        out.write(request);
        return readAnswer();
    }

    /** The body of the last answer. */
    public String body() {
        return new String(body, 0, bodySize, StandardCharsets.UTF_8);
    }

    /** The beginning of the body of the last answer. */
    public String beginning() {
        return new String(body, 0, Math.min(bodySize, BEGINNING), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private int readAnswer() throws IOException {
        int status = Integer.parseInt(readLine().substring(9, 12));
        long length = 0;
        boolean chunked = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        lower.substring("content-length:".length()).trim());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
        }
        bodySize = 0;
        if (chunked) {
            readChunks();
        } else {
            readBody(length);
        }
        return status;
    }

    private void readChunks() throws IOException {
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            readBody(size);
            readLine();
        }
        readLine();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(readLine(), 16);
    }

    private void readBody(long length) throws IOException {
        int end = Math.toIntExact(bodySize + length);
        if (end > body.length) {
            body = Arrays.copyOf(body, Math.max(end, 2 * body.length));
        }
        while (bodySize < end) {
            if (position == limit) {
                fill();
            }
            int some = Math.min(end - bodySize, limit - position);
            System.arraycopy(buffer, position, body, bodySize, some);
            position += some;
            bodySize += some;
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit) {
                fill();
            }
            char c = (char) buffer[position++];
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append(c);
            }
        }
    }

    private void fill() throws IOException {
        limit = in.read(buffer);
        position = 0;
        if (limit < 0) {
            limit = 0;
            throw new EOFException("the server closed the connection");
        }
    }
}
