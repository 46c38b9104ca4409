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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.server.access.TokenText;
import miroir.server.console.Fragments.Fragment;
import miroir.server.pipeline.SessionCookie;
import miroir.server.proxy.Addresses;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All browsers that listen. Once a second what they look at is read, once for all of them, and where it is different than before written down, once for all who
 * see it alike; each is sent the lines that changed. While nobody listens nothing is done.
 */
final class EventStreams implements AutoCloseable {
    /** Of the console; beyond them a browser asks from time to time instead. */
    static final int MOST = 200;

    /** Of the first page, which anybody may open: they take nobody else's place. */
    static final int MOST_OF_ALL = 100;

    /** Of one session, or of one address where there is none; beyond them the oldest is told to ask from time to time. */
    static final int MOST_OF_ONE = 8;

    /** The same of somebody, who may have logged in as often as he likes. */
    static final int MOST_OF_SOMEBODY = 32;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final long BEATS_EVERY = TimeUnit.SECONDS.toNanos(15);

    /** Between those who come, however many and how often. */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(200);

    private final Fragments fragments;
    private final int most;
    private final List<EventStream> streams = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(EventStreams::thread);

    /** How fragments look; touched by the clock's thread. */
    private final Map<Watched, Look> looks = new HashMap<>();

    private long lastLook;
    private long beaten = System.nanoTime();
    private long checked = beaten;

    /** What those look at who came, and were not shown it. */
    private final Set<String> begun = new HashSet<>();

    private long notBefore = beaten;
    private @Nullable Future<?> beginning;
    private @Nullable Future<?> ticking;
    private boolean isClosed;

    /** A fragment, and for whom. */
    private record Watched(String name, View.Alike alike) {}

    /** @param most that there may be of them */
    EventStreams(Fragments fragments, int most) {
        this.fragments = fragments;
        this.most = most;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "console-events");
        thread.setDaemon(true);
        return thread;
    }

    /** One more, unless there are too many: it hears what it looks at at once, and what changes from then on. */
    synchronized void open(View view, List<String> names, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String consumer = view.exchange().consumer();
        String whose = whose(view, request);
        makeRoom(MOST_OF_ONE, each -> each.whose().equals(whose));
        if (!consumer.isEmpty()) {
            makeRoom(MOST_OF_SOMEBODY, each -> each.view().exchange().consumer().equals(consumer));
        }
        requireRoom();
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("X-Accel-Buffering", "no");
        EventStream stream = new EventStream(view, whose, names, request.startAsync(request, response));
        streams.add(stream);
        stream.begin();
        beginSoon(names);
        if (ticking == null) {
            ticking = clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        }
    }

    /**
     * What others look at is known, as it was up to a second ago; but whoever comes back from what he has done is not to see it undone. So it is read again for who comes: once for all who
     * came meanwhile, since anybody may come as often as he likes, and one that cannot be read takes seconds to say so.
     */
    private void beginSoon(List<String> names) {
        if (beginning == null) {
            long wait = Math.max(0, notBefore - System.nanoTime());
            beginning = clock.schedule(this::begin, wait, TimeUnit.NANOSECONDS);
        }
        begun.addAll(names);
    }

    private void requireRoom() {
        if (streams.size() >= most) {
            // Who was told that it is over, and did not take it, goes without.
            streams.stream().filter(EventStream::isEnding).forEach(EventStream::close);
            streams.removeIf(EventStream::isOver);
        }
        if (isClosed || streams.size() >= most) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    isClosed
                            ? "the server is stopping"
                            : most + " browsers listen already; ask from time to time instead");
        }
    }

    /** Nobody takes the places of all others. The oldest is most likely a page that somebody has left. */
    private void makeRoom(int most, Predicate<EventStream> isSame) {
        List<EventStream> same =
                streams.stream().filter(each -> !each.isEnding()).filter(isSame).toList();
        same.stream().limit(Math.max(0, same.size() - most + 1L)).forEach(EventStream::end);
    }

    /** A cookie that is no session of anybody is as cheap as a name. */
    private static String whose(View view, HttpServletRequest request) {
        return SessionCookie.find(request)
                .filter(session -> view.isLoggedIn())
                .map(TokenText::hash)
                .orElseGet(() -> view.exchange().consumer() + " at "
                        + Addresses.network(view.exchange().client()));
    }

    int size() {
        return streams.size();
    }

    private void tick() {
        try {
            streams.removeIf(EventStream::isOver);
            if (streams.isEmpty()) {
                looks.clear();
                return;
            }
            check();
            Set<Watched> watched = new HashSet<>();
            streams.forEach(stream -> stream.fragments()
                    .forEach(name -> watched.add(new Watched(name, stream.view().alike()))));
            looks.keySet().retainAll(watched);
            show(watched.stream().map(Watched::name).collect(Collectors.toSet()));
        } catch (RuntimeException e) {
            LOG.warn("what browsers look at could not be shown, trying again", e);
        }
    }

    /** Tells all of them from time to time that the server is there, however long something else takes. */
    private void beat() {
        if (System.nanoTime() - beaten >= BEATS_EVERY) {
            streams.forEach(EventStream::beat);
            beaten = System.nanoTime();
        }
    }

    /** Whoever logged out, or lost his role, sees no more. Where that cannot be found out of one, it cannot of the others. */
    private void check() {
        if (System.nanoTime() - checked >= BEATS_EVERY) {
            boolean isKnown = true;
            for (EventStream stream : streams) {
                isKnown = isKnown && check(stream);
                beat();
            }
            checked = System.nanoTime();
        }
    }

    /** False: that cannot be found out now. */
    private boolean check(EventStream stream) {
        try {
            stream.view().exchange().requireStillAllowed();
            stream.fragments().forEach(name -> fragments.find(name).require(stream.view()));
        } catch (Refusal over) {
            if (over.reason() == Refusal.Reason.NOT_READY) {
                return false;
            }
            stream.close();
        } catch (RuntimeException e) {
            LOG.warn("whether a browser may look on could not be found out, and it is let go", e);
            stream.close();
        }
        return true;
    }

    private void begin() {
        Set<String> names;
        synchronized (this) {
            names = new HashSet<>(begun);
            begun.clear();
            beginning = null;
        }
        names.retainAll(streams.stream()
                .filter(stream -> !stream.isEnding())
                .flatMap(stream -> stream.fragments().stream())
                .collect(Collectors.toSet()));
        show(names);
        synchronized (this) {
            notBefore = System.nanoTime() + REST;
        }
    }

    private void show(Set<String> names) {
        for (String name : names) {
            beat();
            show(name, fragments.find(name));
        }
    }

    /** What is not known yet is not told: a page has what there was when it was written. */
    private void show(String name, Fragment fragment) {
        Object now;
        try {
            now = fragment.present();
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be shown now, or is not there any more", name, e);
            looking(name).forEach(stream -> stream.away(name));
            return;
        }
        if (now != null) {
            looking(name).forEach(stream -> show(stream, name, fragment, now));
        }
    }

    private Stream<EventStream> looking(String name) {
        return streams.stream()
                .filter(stream -> !stream.isEnding() && stream.fragments().contains(name));
    }

    /** One that cannot be written keeps no other from being. */
    private void show(EventStream stream, String name, Fragment fragment, Object now) {
        try {
            stream.show(name, look(stream.view(), name, fragment, now));
        } catch (RuntimeException e) {
            LOG.warn("{} could not be shown to a browser, which is let go", name, e);
            stream.close();
        }
    }

    private Look look(View view, String name, Fragment fragment, Object now) {
        Watched watched = new Watched(name, view.alike());
        Look known = looks.get(watched);
        if (known != null && known.shows(now)) {
            return known;
        }
        Look look = Look.of(name, now, fragment.html(view.forAllAlike(), now), known, ++lastLook);
        looks.put(watched, look);
        return look;
    }

    /** Ends all of them: browsers come back to a server that is there. */
    @Override
    public synchronized void close() {
        isClosed = true;
        new ArrayList<>(streams).forEach(EventStream::close);
        clock.shutdownNow();
    }
}
