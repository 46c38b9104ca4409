package miroir.sync.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import miroir.sync.upstream.UpstreamFailed.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source as all synchronisations of it share it: one quota, one breaker, one page size. A call returns a whole page or
 * fails for good; whatever passes by itself is waited for here, up to the source's patience. Thread-safe.
 */
public final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    /** So many failures of one call, and whoever looks on should know what is waited for. */
    private static final int WORTH_SAYING = 3;

    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(200);

    private final Source source;
    private final Pace pace;
    private final Connection connection;
    private final JudgeAnswer judgeAnswer;
    private final TokenBucket bucket;
    private final CircuitBreaker breaker;
    private final PageSize pageSize;
    private final Oddities oddities = new Oddities();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong lastSuccess = new AtomicLong(System.nanoTime());

    public Upstream(Source source, Pace pace) {
        this.source = source;
        this.pace = pace;
        this.connection = new Connection(source);
        this.judgeAnswer = new JudgeAnswer(source.base(), oddities);
        this.bucket = new TokenBucket(source.quota(), System::nanoTime);
        this.breaker = new CircuitBreaker(pace, System::nanoTime);
        this.pageSize = new PageSize(source.pageSize());
    }

    public Source source() {
        return source;
    }

    public Oddities oddities() {
        return oddities;
    }

    public long calls() {
        return calls.get();
    }

    public long retries() {
        return retries.get();
    }

    /** Whether it has failed so often that it is left alone for a while. */
    public boolean isLeftAlone() {
        return breaker.isOpen();
    }

    /** The first page of a search, with the total. */
    public Page first(String type, String query, BooleanSupplier stopped) {
        return call(type, () -> search(type, query, pageSize.current()), false, stopped);
    }

    /** The page behind a link. */
    public Page next(String type, URI link, BooleanSupplier stopped) {
        return call(type, () -> link, true, stopped);
    }

    /** How many resources a search finds, exactly, on a page without any. */
    public Page count(String type, String query, BooleanSupplier stopped) {
        for (int attempt = 1; ; attempt++) {
            Page page = call(type, () -> search(type, query, 0), false, stopped);
            if (page.total() != null) {
                return page;
            }
            if (attempt == pace.tries()) {
                throw new UpstreamFailed(
                        Kind.QUESTION_REFUSED, "the upstream gives no total for " + type + "?" + query);
            }
            retries.incrementAndGet();
        }
    }

    /** Those of the ids that are there. */
    public Page ofIds(String type, List<String> ids, String filter, BooleanSupplier stopped) {
        String query = "_id=" + String.join(",", ids) + (filter.isEmpty() ? "" : "&" + filter);
        return call(type, () -> search(type, query, ids.size()), false, stopped);
    }

    private URI search(String type, String query, int count) {
        return URI.create(source.base() + "/" + URLEncoder.encode(type, StandardCharsets.UTF_8) + "?"
                + (query.isEmpty() ? "" : query + "&") + "_count=" + count + "&_total=accurate");
    }

    private Page call(String type, Supplier<URI> uri, boolean link, BooleanSupplier stopped) {
        long begun = System.nanoTime();
        for (int failed = 1; ; failed++) {
            pause(breaker.await(), stopped);
            pause(bucket.take(), stopped);
            Answer answer = ask(type, uri.get(), link);
            if (answer instanceof Answer.Whole whole) {
                breaker.succeeded();
                pageSize.succeeded();
                lastSuccess.set(System.nanoTime());
                return whole.page();
            }
            if (answer instanceof Answer.Failed failure) {
                throw new UpstreamFailed(failure.kind(), failure.reason());
            }
            Answer.Again again = (Answer.Again) answer;
            slowDown(again, begun, failed, link);
            Duration after = again.after();
            pause((after == null ? pace.after(failed) : after).toNanos(), stopped);
        }
    }

    private Answer ask(String type, URI uri, boolean link) {
        calls.incrementAndGet();
        try {
            return judgeAnswer.judge(connection.get(uri, link), type);
        } catch (IOException e) {
            return TrustAnchors.refusal(e)
                    .<Answer>map(this::notTrusted)
                    .orElseGet(() -> new Answer.Again("the call failed: " + e.getMessage(), null, true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamFailed(Kind.STOPPED, "interrupted");
        }
    }

    private Answer notTrusted(String reason) {
        return new Answer.Failed(
                Kind.NOT_TRUSTED,
                "the certificate of " + source.base().getHost() + " is not trusted: " + reason
                        + ". Where an authority of your own signed it, or a proxy that looks into TLS: sources."
                        + source.name()
                        + ".trust (MIROIR_SYNC_TRUST as shipped) names a file with the certificate of who signed");
    }

    private void slowDown(Answer.Again again, long begun, int failed, boolean link) {
        retries.incrementAndGet();
        LOG.debug("asking {} again, attempt {}: {}", source.name(), failed + 1, again.reason());
        if (failed == WORTH_SAYING) {
            LOG.warn(
                    "{} failed {} times in a row, and is asked again for {} s: {}",
                    source.name(),
                    failed,
                    source.patience().toSeconds(),
                    again.reason());
        }
        if (again.struggles()) {
            breaker.failed();
            pageSize.struggled();
        }
        if (link && again.struggles() && failed >= pace.tries()) {
            throw new UpstreamFailed(
                    Kind.DEAD_LINK, "a next page failed " + failed + " times; the last: " + again.reason());
        }
        long silent = System.nanoTime() - Math.max(begun, lastSuccess.get());
        if (silent > source.patience().toNanos()) {
            throw new UpstreamFailed(
                    Kind.AWAY,
                    "nothing succeeded for " + Duration.ofNanos(silent).toSeconds() + " s; the last: "
                            + again.reason());
        }
    }

    /** In slices, so that a stop is heard. */
    private static void pause(long nanos, BooleanSupplier stopped) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; ; left = end - System.nanoTime()) {
            if (stopped.getAsBoolean()) {
                throw new UpstreamFailed(Kind.STOPPED, "told to stop");
            }
            if (left <= 0) {
                return;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UpstreamFailed(Kind.STOPPED, "interrupted");
            }
        }
    }
}
