package miroir.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One kept-alive connection that asks and waits, with as little work as HTTP/1.1 allows: the client shares the machine
 * with what it measures. Servers end connections after so many requests, or when nothing was asked for a while: then there is another one.
 */
public final class HttpConnection implements Closeable {
    private static final String LENGTH = "content-length:";
    private static final int NO_CONTENT = 204;

    private final URI base;
    private final String headers;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean hasAnswered;
    private boolean isEnding;
    private boolean saysWhenToRetry;
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
        this.base = base;
        this.headers = headers;
        this.socket = open(base);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    private static Socket open(URI base) throws IOException {
        boolean isTls = "https".equals(base.getScheme());
        int port = base.getPort() >= 0 ? base.getPort() : isTls ? 443 : 80;
        Socket socket = isTls ? openSecurely(base.getHost(), port) : new Socket(base.getHost(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Sockets do not look by themselves whose certificate it is. */
    private static Socket openSecurely(String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket(host, port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private void reconnect() throws IOException {
        socket.close();
        socket = open(base);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        position = 0;
        limit = 0;
        isEnding = false;
        hasAnswered = false;
    }

    /** Asks and reads the whole answer; returns its status. */
    public int get(String target) throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: " + base.getRawAuthority()
                + "\r\nAccept: application/fhir+json\r\n" + headers + "\r\n";
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        boolean wasKept = hasAnswered && !isEnding;
        try {
            write(bytes);
        } catch (IOException gone) {
            // Between two requests a server may end what it kept open; on a new connection that is a failure.
            if (!wasKept) {
                throw gone;
            }
            reconnect();
            write(bytes);
        }
        return readAnswer();
    }

    /** Returns when the answer begins. */
    private void write(byte[] request) throws IOException {
        if (isEnding) {
            reconnect();
        }
        out.write(request);
        if (position == limit) {
            fill();
        }
    }

    /** Sends a resource and reads the whole answer; returns its status. */
    int send(String method, String target, byte[] resource) throws IOException {
        return send(method, target, "application/fhir+json", resource);
    }

    /** Sends what has that type and reads the whole answer; returns its status. */
    public int send(String method, String target, String type, byte[] resource) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + base.getRawAuthority()
                + "\r\nContent-Type: " + type + "\r\nPrefer: return=minimal\r\nContent-Length: "
                + resource.length + "\r\n" + headers + "\r\n";
        byte[] request = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + resource.length);
        System.arraycopy(resource, 0, request, head.length(), resource.length);
        write(request);
        return readAnswer();
    }

    /** The body of the last answer. */
    public String body() {
        return new String(body, 0, bodySize, StandardCharsets.UTF_8);
    }

    /** The same, for whoever needs the beginning of it. */
    public Reader reader() {
        return new InputStreamReader(new ByteArrayInputStream(body, 0, bodySize), StandardCharsets.UTF_8);
    }

    /** Whether the last answer told when to ask again. */
    public boolean saysWhenToRetry() {
        return saysWhenToRetry;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private int readAnswer() throws IOException {
        String first = readLine();
        int status = Integer.parseInt(first.substring(9, 12));
        isEnding = first.startsWith("HTTP/1.0");
        saysWhenToRetry = false;
        long length = -1;
        boolean chunked = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith(LENGTH)) {
                length = Long.parseLong(lower.substring(LENGTH.length()).trim());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
            isEnding |= lower.startsWith("connection:") && lower.endsWith("close");
            saysWhenToRetry |= lower.startsWith("retry-after:");
        }
        bodySize = 0;
        if (chunked) {
            readChunks();
        } else if (length >= 0) {
            readBody(length);
        } else if (isEnding && status != NO_CONTENT) {
            readToEnd();
        }
        hasAnswered = true;
        return status;
    }

    private void readToEnd() throws IOException {
        while (position < limit || hasMore()) {
            readBody(limit - position);
        }
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
        if (!hasMore()) {
            throw new EOFException("the server closed the connection");
        }
    }

    private boolean hasMore() throws IOException {
        limit = Math.max(0, in.read(buffer));
        position = 0;
        return limit > 0;
    }
}
