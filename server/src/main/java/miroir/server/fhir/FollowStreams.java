package miroir.server.fhir;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.index.json.Utf8Buffer;
import miroir.index.search.QueryParameter;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of a type or of everything as server-sent events, for who asks for {@code text/event-stream}: each event is a page of what was committed, in that
 * order, and its id is the link to the next one. Whoever was cut off says which he had last, and goes on behind it.
 *
 * <p>Each page is asked for as if whoever listens had sent a request of his own: with the rights that he has by then, noted, and with memory and turns. Between them
 * a look at the newest versions says whether there is anything to ask for.
 *
 * <p>A stream has a thread, which waits for a slow listener; so there is only so many of them.
 */
public final class FollowStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowStreams.class);
    private static final String EVENTS = "text/event-stream";
    private static final Set<Interaction> FOLLOWED = Set.of(Interaction.HISTORY_TYPE, Interaction.HISTORY_SYSTEM);
    private static final List<String> ALLOWED =
            List.of("_since", "_count", "_summary", "_elements", "_sort", "_format");
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How often a new place is told where nothing happens: links work for a while only. */
    private static final Duration PLACED_EVERY = Duration.ofHours(1);

    /** For what stands around the page in an event. */
    private static final int ROOM_AROUND = 64;

    private final AskFhir ask;
    private final ResourceStore store;
    private final Set<String> types;
    private final int most;
    private final long pollMillis;
    private final AtomicInteger listening = new AtomicInteger();
    private final ThreadFactory threads;
    private final Semaphore end = new Semaphore(0);
    private volatile boolean isClosed;

    /**
     * Streams of a store.
     *
     * @param most so many at the same time
     * @param poll how often it is looked whether something was committed
     */
    FollowStreams(AskFhir ask, ResourceStore store, Set<String> types, int most, Duration poll) {
        this.ask = ask;
        this.store = store;
        this.types = Set.copyOf(types);
        this.most = most;
        this.pollMillis = poll.toMillis();
        this.threads = work -> {
            Thread thread = new Thread(work, "follow-changes");
            thread.setDaemon(true);
            return thread;
        };
    }

    /** How many listen. */
    public int listening() {
        return listening.get();
    }

    /** Answers who asks for a stream of a history; false where that is not asked for. */
    boolean answers(HttpServletRequest request, HttpServletResponse response) {
        Exchange exchange = Exchange.of(request);
        boolean isFollowed = FOLLOWED.contains(exchange.route().interaction()) && wantsEvents(exchange);
        if (isFollowed) {
            open(exchange, request, response);
        }
        return isFollowed;
    }

    private static boolean wantsEvents(Exchange exchange) {
        String accept = exchange.request().getHeader("Accept");
        return accept != null && accept.contains(EVENTS);
    }

    /** What is wrong with the question is told as an answer; then the stream begins. */
    private void open(Exchange exchange, HttpServletRequest request, HttpServletResponse response) {
        Stream stream = new Stream(exchange, begin(exchange));
        if (isClosed || listening.incrementAndGet() > most) {
            listening.decrementAndGet();
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    isClosed
                            ? "the server is stopping"
                            : most
                                    + " listen already (subscriptions.streams); ask for pages from time to time instead");
        }
        try {
            stream.ask();
            response.setContentType(EVENTS + ";charset=UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            AsyncContext context = request.startAsync(request, response);
            context.setTimeout(0);
            threads.newThread(() -> run(stream, context)).start();
        } catch (RuntimeException e) {
            listening.decrementAndGet();
            throw e;
        }
    }

    /** Behind what was had last, or since an instant; else from now on. */
    private String begin(Exchange exchange) {
        exchange.query().stream()
                .map(QueryParameter::name)
                .filter(name -> !ALLOWED.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Refusal(
                            Refusal.Reason.INVALID,
                            "the parameter \"" + Refusal.shown(name) + "\" means nothing in a stream; allowed: "
                                    + String.join(", ", ALLOWED));
                });
        String path = exchange.route().path();
        String last = exchange.request().getHeader("Last-Event-ID");
        if (last != null && !last.isEmpty()) {
            return path + "?" + QueryParameter.encode(List.of(new QueryParameter(PageLinks.PAGE, last)));
        }
        List<QueryParameter> asked = new ArrayList<>(exchange.query());
        asked.removeIf(each -> each.name().equals("_format") || each.name().equals(HistoryParameters.SORT));
        asked.add(new QueryParameter(HistoryParameters.SORT, HistoryParameters.OLDEST_FIRST));
        if (asked.stream().noneMatch(each -> each.name().equals("_since"))) {
            Instant now = store.settled(exchange.caller(), Duration.ZERO, Deadline.in(PATIENCE));
            asked.add(new QueryParameter("_since", now.plusMillis(1).toString()));
        }
        return path + "?" + QueryParameter.encode(asked);
    }

    private void run(Stream stream, AsyncContext context) {
        try {
            stream.follow(context.getResponse().getOutputStream());
        } catch (IOException | IllegalStateException gone) {
            LOG.debug("somebody listens no more", gone);
        } catch (Refusal refused) {
            LOG.debug("a stream is ended", refused);
        } catch (RuntimeException e) {
            LOG.warn("a stream is ended", e);
        } finally {
            listening.decrementAndGet();
            complete(context);
        }
    }

    private static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException alreadyOver) {
            LOG.trace("it was over already", alreadyOver);
        }
    }

    /** Ends all of them; whoever listens comes back to a server that is there. */
    @Override
    public void close() {
        isClosed = true;
        end.release(most + 1);
    }

    /** What somebody listens to. */
    private final class Stream {
        private final Exchange exchange;
        private String next;
        private byte[] event = new byte[0];
        private boolean isMore;
        private Instant seen = Instant.EPOCH;
        private long beatAt = System.nanoTime();
        private long placedAt = beatAt - PLACED_EVERY.toNanos();

        Stream(Exchange exchange, String first) {
            this.exchange = exchange;
            this.next = first;
        }

        /** Asks for the next page, and makes an event of it where there is something on it. */
        void ask() {
            isMore = ask.followed(exchange, next, page -> {
                event = event(page);
                Answer.Link link = page.links().get(page.links().size() - 1);
                next = below(link.url());
                seen = page.asOf() == null ? seen : page.asOf();
                return link.relation().equals("next");
            });
        }

        private String below(String url) {
            String base = exchange.base() + "/";
            return url.startsWith(base) ? url.substring(base.length()) : url;
        }

        private byte[] event(Answer.Bundle page) {
            Answer.Link link = page.links().get(page.links().size() - 1);
            String id = QueryParameter.ofLink(link.url()).get(0).value();
            if (page.entries().isEmpty()) {
                return isPlaceDue() ? place(id) : new byte[0];
            }
            placedAt = System.nanoTime();
            Utf8Buffer json = AnswerBody.of(page, AnswerFormat.PLAIN_JSON);
            Utf8Buffer out = new Utf8Buffer(json.size() + id.length() + ROOM_AROUND);
            out.putAscii("event: history\nid: " + id + "\ndata: ");
            out.putBytes(json.array(), 0, json.size());
            out.putAscii("\n\n");
            return out.toByteArray();
        }

        /** Nothing is told by it but where to go on: who is cut off before something happens loses nothing either. */
        private byte[] place(String id) {
            placedAt = System.nanoTime();
            return ("id: " + id + "\n\n").getBytes(StandardCharsets.US_ASCII);
        }

        private boolean isPlaceDue() {
            return System.nanoTime() - placedAt >= PLACED_EVERY.toNanos();
        }

        void follow(OutputStream out) throws IOException {
            out.write("retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            while (!isClosed) {
                if (event.length > 0) {
                    out.write(event);
                    out.flush();
                    event = new byte[0];
                    beatAt = System.nanoTime();
                }
                if (!isMore) {
                    await(out);
                }
                if (!isClosed) {
                    ask();
                }
            }
        }

        /** Returns once something was committed, or another place is to be told. */
        private void await(OutputStream out) throws IOException {
            while (!isClosed && isUnchanged() && !isPlaceDue()) {
                if (System.nanoTime() - beatAt > BEAT.toNanos()) {
                    out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    beatAt = System.nanoTime();
                }
                pause();
            }
        }

        private boolean isUnchanged() {
            String type = exchange.route().type();
            Set<String> looked = type.isEmpty() ? types : Set.of(type);
            try {
                return store.isUnchangedSince(exchange.caller(), looked, seen, Deadline.in(PATIENCE));
            } catch (Refusal refused) {
                if (refused.reason() != Refusal.Reason.NOT_READY && refused.reason() != Refusal.Reason.TOO_COSTLY) {
                    throw refused;
                }
                // The database is away; that it is back will be seen.
                return true;
            }
        }

        private void pause() {
            try {
                if (end.tryAcquire(pollMillis, TimeUnit.MILLISECONDS)) {
                    end.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isClosed = true;
            }
        }
    }
}
