package miroir.server.subscriptions;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who is told, and the connections to him that nobody uses at the moment.
 *
 * <p>The JDK's client looks a name up by itself when it connects, so nobody can say to which of its addresses, and that it is still the one that was
 * looked at. So the connections are made here: to an address that is allowed, over TLS with the certificate of the name, HTTP/1.1 and no more of it than is needed to
 * send something and hear whether it was taken. Redirects are answers like others: nothing is sent where they lead.
 */
final class Receiver implements Closeable {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** Fewer than most servers keep one open without hearing anything. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final URI endpoint;
    private final AllowedTargets targets;
    private final Duration timeout;
    private final ScheduledExecutorService clock;
    private final SSLSocketFactory tls;
    private final Deque<Idle> idle = new ArrayDeque<>();

    /** On which something is under way. */
    private final Set<Socket> busy = ConcurrentHashMap.newKeySet();

    private volatile boolean isClosed;

    private record Idle(OpenConnection connection, long since) {}

    /**
     * Where something is sent.
     *
     * @param timeout for all of it, from looking up the name to the end of the answer
     * @param clock ends what takes longer
     */
    Receiver(
            URI endpoint,
            AllowedTargets targets,
            Duration timeout,
            ScheduledExecutorService clock,
            SSLSocketFactory tls) {
        this.endpoint = endpoint;
        this.targets = targets;
        this.timeout = timeout;
        this.clock = clock;
        this.tls = tls;
    }

    /** Host and port, as the header {@code Host} has them. */
    static String authority(URI url) {
        boolean isUsual = url.getPort() < 0 || url.getPort() == usualPort(url);
        return isUsual ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    private static int usualPort(URI url) {
        return url.getScheme().equals("https") ? HTTPS : HTTP;
    }

    /** Sends it, and returns the status of the answer. Who has closed a connection that nobody used has not had it. */
    int send(Notification notification) throws IOException {
        try (Limit limit = new Limit()) {
            OpenConnection known = takeIdle();
            if (known != null) {
                try {
                    limit.ends(known.raw());
                    return exchange(known, notification, limit);
                } catch (OpenConnection.Stale stale) {
                    // The same on another one, in the time that is left.
                }
            }
            Socket socket = new Socket();
            limit.ends(socket);
            return exchange(connect(socket), notification, limit);
        }
    }

    private int exchange(OpenConnection connection, Notification notification, Limit limit) throws IOException {
        boolean isKept = false;
        try {
            int status = connection.exchange(notification);
            isKept = connection.isReusable();
            return status;
        } catch (IOException e) {
            throw limit.isOver() ? new IOException(late()) : e;
        } finally {
            if (!isKept || !giveBack(connection)) {
                connection.close();
            }
        }
    }

    private String late() {
        return "no answer within " + timeout.toSeconds() + " s";
    }

    private OpenConnection connect(Socket socket) throws IOException {
        try {
            InetAddress address = targets.resolve(endpoint);
            int port = endpoint.getPort() < 0 ? usualPort(endpoint) : endpoint.getPort();
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address, port), (int) timeout.toMillis());
            return new OpenConnection(endpoint.getScheme().equals("https") ? secured(socket, port) : socket, socket);
        } catch (IOException | RuntimeException e) {
            OpenConnection.close(socket);
            throw e;
        }
    }

    private Socket secured(Socket socket, int port) throws IOException {
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, endpoint.getHost(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private synchronized @Nullable OpenConnection takeIdle() {
        Idle found = idle.pollLast();
        if (found != null && System.nanoTime() - found.since() < FRESH_NANOS) {
            return found.connection();
        }
        // The others are older.
        closeIdle();
        if (found != null) {
            found.connection().close();
        }
        return null;
    }

    private synchronized boolean giveBack(OpenConnection connection) {
        if (!isClosed) {
            idle.addLast(new Idle(connection, System.nanoTime()));
        }
        return !isClosed;
    }

    private void closeIdle() {
        idle.forEach(each -> each.connection().close());
        idle.clear();
    }

    /** Cuts off what is under way as well: nobody may go on before that is over. */
    @Override
    public void close() {
        isClosed = true;
        synchronized (this) {
            closeIdle();
        }
        busy.forEach(OpenConnection::close);
    }

    /** Closes the socket that is used when the time is over: a receiver that takes nothing would hold up who writes for ever. */
    private final class Limit implements Closeable {
        private final ScheduledFuture<?> end = clock.schedule(this::end, timeout.toMillis(), TimeUnit.MILLISECONDS);
        private boolean isOver;
        private @Nullable Socket limited;

        /** That one from now on, and not the one before any more. */
        synchronized void ends(Socket socket) throws IOException {
            forget();
            limited = socket;
            busy.add(socket);
            if (isClosed || isOver) {
                OpenConnection.close(socket);
                throw new IOException(isClosed ? "nothing is sent any more" : late());
            }
        }

        private synchronized void end() {
            isOver = true;
            if (limited != null) {
                OpenConnection.close(limited);
            }
        }

        private void forget() {
            if (limited != null) {
                busy.remove(limited);
                limited = null;
            }
        }

        synchronized boolean isOver() {
            return isOver;
        }

        @Override
        public void close() {
            end.cancel(false);
            synchronized (this) {
                forget();
            }
        }
    }
}
