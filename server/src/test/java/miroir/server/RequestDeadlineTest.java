package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

final class RequestDeadlineTest {
    private final Clock clock = new Clock();
    private final RequestDeadline deadline = new RequestDeadline(new Handler.Wrapper(), clock, Duration.ofSeconds(20));

    @Test
    void connection_onWhichNoRequestBegins_isClosed() {
        ByteArrayEndPoint end = new ByteArrayEndPoint();
        Connection connection = new Plain(end);

        deadline.onOpened(connection);
        clock.tasks.forEach(Runnable::run);

        assertThat(end.isOpen()).isFalse();
    }

    /** What wraps a connection is one too, and asks for nothing all its life. */
    @Test
    void wrappingOfTls_isNotExpectedToAsk() throws Exception {
        ByteArrayEndPoint end = new ByteArrayEndPoint();
        Connection wrapping = new SslConnection(
                new ArrayByteBufferPool(),
                Runnable::run,
                new SslContextFactory.Server(),
                end,
                SSLContext.getDefault().createSSLEngine());

        deadline.onOpened(wrapping);
        clock.tasks.forEach(Runnable::run);

        assertThat(clock.tasks).isEmpty();
        assertThat(end.isOpen()).isTrue();
    }

    /** A connection that reads nothing. */
    private static final class Plain extends AbstractConnection {
        Plain(ByteArrayEndPoint end) {
            super(end, Runnable::run);
        }

        @Override
        public void onFillable() {}
    }

    /** Has time pass when it is told to. */
    private static final class Clock extends AbstractLifeCycle implements Scheduler {
        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public Task schedule(Runnable task, long delay, TimeUnit units) {
            tasks.add(task);
            return () -> tasks.remove(task);
        }
    }
}
