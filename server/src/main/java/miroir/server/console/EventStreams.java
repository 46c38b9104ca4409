package miroir.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.server.console.Fragments.Fragment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All browsers that listen. Once a second what they look at is read, once for all of them, and written to those for whom it looks different than before;
 * while nobody listens nothing is done.
 */
final class EventStreams implements AutoCloseable {
    /** Beyond them a browser asks from time to time instead. */
    static final int MOST = 200;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int BEATS_EVERY = 15;

    private final Fragments fragments;
    private final List<EventStream> streams = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(EventStreams::thread);
    private @Nullable Future<?> ticking;
    private boolean isClosed;
    private int ticks;

    EventStreams(Fragments fragments) {
        this.fragments = fragments;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "console-events");
        thread.setDaemon(true);
        return thread;
    }

    /** One more, unless there are too many: it hears what it looks at at once, and what changes from then on. */
    synchronized void open(View view, List<String> names, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (isClosed || streams.size() >= MOST) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    isClosed
                            ? "the server is stopping"
                            : MOST + " browsers listen already; ask from time to time instead");
        }
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("X-Accel-Buffering", "no");
        EventStream stream = new EventStream(view, names, request.startAsync(request, response));
        streams.add(stream);
        stream.begin();
        clock.execute(() -> show(List.of(stream), true));
        if (ticking == null) {
            ticking = clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        }
    }

    int size() {
        return streams.size();
    }

    private void tick() {
        try {
            streams.removeIf(EventStream::isOver);
            if (streams.isEmpty()) {
                return;
            }
            boolean beats = ++ticks % BEATS_EVERY == 0;
            if (beats) {
                streams.forEach(EventStreams::check);
            }
            show(streams, beats);
        } catch (RuntimeException e) {
            LOG.warn("what browsers look at could not be shown, trying again", e);
        }
    }

    /** Whoever logged out, or lost his role, sees no more. */
    private static void check(EventStream stream) {
        try {
            stream.view().exchange().requireStillAllowed();
            stream.beat();
        } catch (Refusal over) {
            if (over.reason() != Refusal.Reason.NOT_READY) {
                stream.close();
            }
        }
    }

    private void show(List<EventStream> to, boolean anyway) {
        Set<String> names = new HashSet<>();
        to.forEach(stream -> names.addAll(stream.fragments()));
        Map<String, Fragment> found = new HashMap<>();
        Map<String, Object> present = new HashMap<>();
        for (String name : names) {
            Fragment fragment = fragments.find(name);
            Object now = present(name, fragment);
            if (now != null) {
                found.put(name, fragment);
                present.put(name, now);
            }
        }
        for (EventStream stream : to) {
            for (String name : stream.fragments()) {
                Fragment fragment = found.get(name);
                Object now = present.get(name);
                if (fragment != null && now != null) {
                    show(stream, name, fragment, now, anyway);
                }
            }
        }
    }

    /** One that cannot be written keeps no other from being. */
    private static void show(EventStream stream, String name, Fragment fragment, Object now, boolean anyway) {
        try {
            stream.show(name, fragment, now, anyway);
        } catch (RuntimeException e) {
            LOG.warn("{} could not be shown to a browser, which is let go", name, e);
            stream.close();
        }
    }

    /** Nothing while it cannot be read, or is not there any more. */
    private static @Nullable Object present(String name, Fragment fragment) {
        try {
            return fragment.present();
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be shown now", name, e);
            return null;
        }
    }

    /** Ends all of them: browsers come back to a server that is there. */
    @Override
    public synchronized void close() {
        isClosed = true;
        new ArrayList<>(streams).forEach(EventStream::close);
        clock.shutdownNow();
    }
}
