package miroir.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections on which no request begins. The idle timeout does not end those whose headers trickle in, since every byte
 * begins it anew, and Jetty hands a request to its handlers, {@link LeastRates} among them, when its headers are complete. So
 * time runs from the moment when a connection is accepted, or has answered all that it was asked, to the moment when the
 * next request has its headers.
 */
final class RequestDeadline extends Handler.Wrapper implements Connection.Listener {
    private final Scheduler clock;
    private final Duration patience;
    private final Map<Connection, Waiting> connections = new ConcurrentHashMap<>();

    RequestDeadline(Handler handler, Scheduler clock, Duration patience) {
        super(handler);
        this.clock = clock;
        this.patience = patience;
    }

    /** What TLS wraps opens with its wrapping, so the handshake counts; the wrapping has no requests of its own. */
    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) {
            return;
        }
        Waiting waiting = new Waiting(connection);
        connections.put(connection, waiting);
        waiting.begin();
    }

    @Override
    public void onClosed(Connection connection) {
        Waiting waiting = connections.remove(connection);
        if (waiting != null) {
            waiting.requested();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Waiting waiting = connections.get(request.getConnectionMetaData().getConnection());
        if (waiting != null) {
            waiting.requested();
            Request.addCompletionListener(request, failure -> waiting.answered());
        }
        return super.handle(request, response, callback);
    }

    /** A connection, and when it will be closed. */
    private final class Waiting {
        private final Connection connection;
        private int unanswered;
        private Scheduler.@Nullable Task end;

        Waiting(Connection connection) {
            this.connection = connection;
        }

        synchronized void begin() {
            end = clock.schedule(this::close, patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        synchronized void requested() {
            unanswered++;
            if (end != null) {
                end.cancel();
                end = null;
            }
        }

        /** It may be known only after the next request has begun. */
        synchronized void answered() {
            if (--unanswered == 0) {
                begin();
            }
        }

        private void close() {
            connection.getEndPoint().close(new TimeoutException("no request began in time"));
        }
    }
}
