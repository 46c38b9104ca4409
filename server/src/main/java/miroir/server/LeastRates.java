package miroir.server;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends requests whose body trickles in, and answers that are taken in sips. The idle timeout does not: every byte begins it
 * anew. A body fails where it is read, which the pipeline can answer; an answer that is not taken has nobody left to tell.
 *
 * <p>Jetty's {@code MinimumDataRateHandler} is no way to do that (12.1.14): it divides the bytes of all requests since the
 * start by the time of one, so that soon nobody is too slow; and it gives a write of thirty bytes at 8 kB a second four
 * milliseconds, so that a pause of the JVM breaks answers of clients that are fast.
 */
final class LeastRates extends Handler.Wrapper {
    private final LeastRate ofRequests;
    private final LeastRate ofAnswers;

    LeastRates(Handler handler, LeastRate ofRequests, LeastRate ofAnswers) {
        super(handler);
        this.ofRequests = ofRequests;
        this.ofAnswers = ofAnswers;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Timed timed = new Timed(request);
        return super.handle(timed, new TimedAnswer(timed, response), callback);
    }

    private static Content.Chunk tooSlow(String what) {
        return Content.Chunk.from(new TimeoutException(what), true);
    }

    /** A request that knows since when its body is waited for. */
    private final class Timed extends Request.Wrapper {
        private long begun;
        private long bytes;
        private Content.@Nullable Chunk failure;

        Timed(Request request) {
            super(request);
        }

        @Override
        public void demand(Runnable whenThere) {
            if (begun == 0) {
                begun = System.nanoTime();
            }
            if (System.nanoTime() - begun > ofRequests.nanosFor(bytes)) {
                failure = tooSlow("the body comes too slowly");
                whenThere.run();
            } else {
                super.demand(whenThere);
            }
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk chunk = failure == null ? super.read() : failure;
            bytes += chunk == null ? 0 : chunk.remaining();
            return chunk;
        }
    }

    /** An answer that knows for how long it has been sent; time in which nothing waits to be taken does not count, for then it is we who are slow. */
    private final class TimedAnswer extends Response.Wrapper {
        private final Scheduler clock;
        private final AtomicLong waited = new AtomicLong();
        private long bytes;

        TimedAnswer(Request request, Response response) {
            super(request, response);
            clock = request.getComponents().getScheduler();
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            int more = content == null ? 0 : content.remaining();
            if (more == 0) {
                super.write(last, content, callback);
                return;
            }
            bytes += more;
            long left = ofAnswers.nanosFor(bytes) - waited.get();
            Scheduler.Task end = clock.schedule(this::cutOff, Math.max(left, 0), TimeUnit.NANOSECONDS);
            long begun = System.nanoTime();
            super.write(last, content, Callback.from(() -> taken(begun, end), callback));
        }

        private void taken(long begun, Scheduler.Task end) {
            end.cancel();
            waited.addAndGet(System.nanoTime() - begun);
        }

        private void cutOff() {
            getRequest()
                    .getConnectionMetaData()
                    .getConnection()
                    .getEndPoint()
                    .close(new TimeoutException("the answer is taken too slowly"));
        }
    }
}
