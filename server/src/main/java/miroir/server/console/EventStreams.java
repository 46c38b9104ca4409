package miroir.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
 * see it alike; each is sent the lines that changed. For a moment after somebody did something here that is four times a second, since what he did is what others wait
 * for. While nobody listens nothing is done: the clock stops when all have gone and what they looked at is read and has rested, and begins again with the next one. One thread, the clock, does
 * all of it but reading, which {@link ReadParts} does: so the clock is never late.
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

    private static final long TURN_MILLIS = 250;

    /** Between two readings, where nobody does anything: every fourth turn, also where one comes a little early. */
    private static final long READS_EVERY = TimeUnit.MILLISECONDS.toNanos(1000 - TURN_MILLIS / 2);

    /** How long it is read in each turn after somebody did something: a daemon takes a moment to do it. */
    private static final long HURRY = TimeUnit.SECONDS.toNanos(3);

    /** Between those who come, however many and how often. */
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(200);

    private final Fragments fragments;
    private final int most;
    private final List<EventStream> streams = new CopyOnWriteArrayList<>();
    private final Turns turns = new Turns("console-events", this::tick, TURN_MILLIS);
    private final ScheduledExecutorService clock = turns.thread();
    private final ExecutorService readers = ReadParts.threads(ReadParts.READERS, "console-reader");
    private final ExecutorService slowReaders = ReadParts.threads(ReadParts.SLOW_READERS, "console-slow-reader");
    private final ReadParts parts;
    private final CheckListeners check;

    /** Touched by the clock's thread. */
    private final Looks looks = new Looks();

    private long beaten = System.nanoTime();
    private long read = beaten;
    private volatile long hurriedUntil = beaten;

    /** What those look at who came, and were not shown it. */
    private final Set<String> begun = new HashSet<>();

    private long notBefore = beaten;
    private @Nullable Future<?> beginning;
    private boolean isClosed;

    /** @param most that there may be of them */
    EventStreams(Fragments fragments, int most) {
        this.fragments = fragments;
        this.most = most;
        this.parts = new ReadParts(fragments, this::tell, readers, slowReaders, System::nanoTime);
        this.check = new CheckListeners(fragments, streams);
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
        // Before anything can fail: who is let go is taken away by the next turn.
        turns.go();
        beginOrLetGo(stream);
    }

    /** A browser that has gone already has no place. */
    private void beginOrLetGo(EventStream stream) {
        try {
            stream.begin();
            beginSoon(stream.fragments());
        } catch (RuntimeException gone) {
            stream.close();
            throw gone;
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

    /** Whether it is read already for somebody: then it is there, or he is told that it is not any more. */
    boolean isLookedAt(String name) {
        return looking(name).findAny().isPresent();
    }

    int size() {
        return streams.size();
    }

    /** Whether nobody listens any more, and the clock has stopped. */
    boolean isAtRest() {
        return !turns.areTaken();
    }

    /** Somebody has done something: what comes of it is shown soon. */
    void hurry() {
        hurriedUntil = System.nanoTime() + HURRY;
    }

    private void tick() {
        try {
            streams.removeIf(EventStream::isOver);
            if (streams.isEmpty()) {
                rest();
                return;
            }
            beat();
            check.turn();
            long now = System.nanoTime();
            if (now - read >= READS_EVERY || now - hurriedUntil < 0) {
                read = now;
                read();
            }
            parts.readAwaited();
        } catch (Throwable e) {
            // Also what is no exception: the clock would stop for as long as this server runs.
            LOG.warn("what browsers look at could not be shown, trying again", e);
        }
    }

    /** How long a part rests is remembered until it has; whoever comes meanwhile is added under the same lock, and sees the clock go on. */
    private synchronized void rest() {
        looks.forget();
        parts.read(Set.of());
        if (streams.isEmpty() && parts.isEmpty()) {
            turns.rest();
        }
    }

    private void read() {
        looks.keepOf(streams);
        Set<String> names = names(streams.stream());
        parts.read(names);
        names.stream().filter(parts::isLate).forEach(name -> looking(name).forEach(stream -> stream.away(name)));
    }

    /** Tells all of them from time to time that the server is there, however long something else takes. */
    private void beat() {
        if (System.nanoTime() - beaten >= BEATS_EVERY) {
            streams.forEach(EventStream::beat);
            beaten = System.nanoTime();
        }
    }

    private static Set<String> names(Stream<EventStream> of) {
        return of.flatMap(stream -> stream.fragments().stream()).collect(Collectors.toSet());
    }

    private void begin() {
        Set<String> names;
        synchronized (this) {
            names = new HashSet<>(begun);
            begun.clear();
            beginning = null;
        }
        names.retainAll(names(streams.stream().filter(stream -> !stream.isEnding())));
        parts.readAnew(names);
        synchronized (this) {
            notBefore = System.nanoTime() + REST;
        }
    }

    /** A reader has read something. */
    private void tell(ReadParts.Outcome outcome) {
        try {
            clock.execute(() -> showAll(outcome));
        } catch (RejectedExecutionException stopping) {
            LOG.trace("nobody is shown {} any more", outcome.name(), stopping);
        }
    }

    private void showAll(ReadParts.Outcome outcome) {
        try {
            show(outcome);
        } catch (Throwable e) {
            LOG.warn("{} could not be shown to browsers", outcome.name(), e);
        }
    }

    /** What is not known yet is not told: a page has what there was when it was written. Nor is, to who came meanwhile, what was read before he did what he comes from. */
    private void show(ReadParts.Outcome outcome) {
        String name = outcome.name();
        Object now = outcome.present();
        List<EventStream> looking = looking(name)
                .filter(stream -> outcome.begun() - stream.opened() >= 0)
                .toList();
        if (outcome.isAway()) {
            looking.forEach(stream -> stream.away(name));
        } else if (now != null) {
            Fragment fragment = fragments.find(name);
            looking.forEach(stream -> show(stream, name, fragment, now));
        }
    }

    private Stream<EventStream> looking(String name) {
        return streams.stream()
                .filter(stream -> !stream.isEnding() && stream.fragments().contains(name));
    }

    /** One that cannot be written keeps no other from being. */
    private void show(EventStream stream, String name, Fragment fragment, Object now) {
        try {
            stream.show(name, looks.of(stream.view(), name, fragment, now));
        } catch (RuntimeException e) {
            LOG.warn("{} could not be shown to a browser, which is let go", name, e);
            stream.close();
        }
    }

    /** Ends all of them: browsers come back to a server that is there. */
    @Override
    public synchronized void close() {
        isClosed = true;
        new ArrayList<>(streams).forEach(EventStream::close);
        turns.close();
        readers.shutdownNow();
        slowReaders.shutdownNow();
        check.close();
    }
}
