package miroir.sync.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import miroir.storage.sync.Cause;
import miroir.sync.upstream.UpstreamFailed.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source as all synchronisations of it share it: one quota, one breaker, one page size. A call returns a whole page or
 * fails for good; whatever passes by itself is waited for here, up to the source's patience. Thread-safe.
 */
public final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private static final int MOST_IDS = 50;

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
    public Page first(String type, String query, OnBehalf whom) {
        return call(new Question(type, query, null, -1), whom);
    }

    /** The page behind a link. */
    public Page next(String type, URI link, OnBehalf whom) {
        return call(new Question(type, "", link, -1), whom);
    }

    /** How many resources a search finds, exactly, on a page without any. */
    public Page count(String type, String query, OnBehalf whom) {
        for (int attempt = 1; ; attempt++) {
            Page page = call(new Question(type, query, null, 0), whom);
            if (page.total() != null) {
                return page;
            }
            if (attempt == pace.tries()) {
                throw new UpstreamFailed(
                        Kind.QUESTION_REFUSED,
                        Cause.of(Cause.Kind.NO_TOTAL, "the upstream gives no total for " + type + "?" + query),
                        attempt);
            }
            retries.incrementAndGet();
        }
    }

    /** How many ids fit into a URL, and on a page as the upstream bears it now. */
    public int idsAtOnce() {
        return Math.min(MOST_IDS, pageSize.current());
    }

    /** Those of the ids that are there. */
    public Page ofIds(String type, List<String> ids, String filter, OnBehalf whom) {
        String query = "_id=" + String.join(",", ids) + (filter.isEmpty() ? "" : "&" + filter);
        return call(new Question(type, query, null, ids.size()), whom);
    }

    /** How many resources a search finds, exactly. */
    public long total(String type, String query, OnBehalf whom) {
        Long total = count(type, query, whom).total();
        return Objects.requireNonNull(total);
    }

    /**
     * What is asked.
     *
     * @param link to a next page; null where a search begins
     * @param count how many on the page; negative: as many as the upstream bears
     */
    private record Question(
            String type, String query, @Nullable URI link, int count) {
        boolean isFirstPage() {
            return link == null && count != 0;
        }

        Question howMany() {
            return new Question(type, query, null, 0);
        }
    }

    private URI uri(Question question) {
        if (question.link != null) {
            return question.link;
        }
        int count = question.count < 0 ? pageSize.current() : question.count;
        return URI.create(source.base() + "/" + URLEncoder.encode(question.type, StandardCharsets.UTF_8) + "?"
                + (question.query.isEmpty() ? "" : question.query + "&") + "_count=" + count + "&_total=accurate");
    }

    private Page call(Question question, OnBehalf whom) {
        long begun = System.nanoTime();
        for (int failed = 1; ; failed++) {
            Answer answer = ask(question, whom);
            if (answer instanceof Answer.Whole whole) {
                return whole.page().after(failed - 1);
            }
            if (answer instanceof Answer.Failed failure) {
                throw failed(failure, failed - 1);
            }
            Answer.Again again = (Answer.Again) answer;
            retries.incrementAndGet();
            LOG.debug("asking {} again, attempt {}: {}", source.name(), failed + 1, hidden(again));
            if (failed == WORTH_SAYING) {
                String words = source.name() + " failed " + failed + " times in a row, and is asked again for "
                        + source.patience().toSeconds() + " s: " + hidden(again);
                LOG.warn("{}", words);
                whom.hears(words);
            }
            giveUp(question, again, failed, System.nanoTime() - begun, whom);
            Duration after = again.after() == null ? pace.after(failed) : again.after();
            if (again.after() == null && again.struggles()) {
                pause(after.toNanos(), whom);
            } else {
                bucket.hold(after.toNanos());
            }
        }
    }

    private Answer ask(Question question, OnBehalf whom) {
        breaker.await(nanos -> pause(nanos, whom));
        bucket.await(nanos -> pause(nanos, whom));
        Answer answer = answer(question);
        if (answer instanceof Answer.Whole) {
            breaker.succeeded();
            pageSize.succeeded();
        } else if (answer instanceof Answer.Again again && again.struggles()) {
            breaker.failed();
            pageSize.struggled();
        }
        return answer;
    }

    private Answer answer(Question question) {
        calls.incrementAndGet();
        try {
            return judgeAnswer.judge(connection.get(uri(question), question.link != null), question.type);
        } catch (IOException e) {
            return TrustAnchors.refusal(e)
                    .<Answer>map(this::notTrusted)
                    .orElseGet(() -> new Answer.Again("the call failed: " + e.getMessage(), null, true, 0));
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
                        + ".trust (MIROIR_SYNC_TRUST as shipped) names a file with the certificate of who signed",
                0);
    }

    private UpstreamFailed failed(Answer.Failed failure, int retried) {
        boolean without = failure.kind() == Kind.KEY_REFUSED && source.key().isEmpty();
        String text = source.key().hiddenIn(failure.reason())
                + (without ? "; no key was sent: " + source.key().missing() : "");
        return new UpstreamFailed(failure.kind(), SayFailure.of(failure, text, source, without), retried);
    }

    private String hidden(Answer.Again again) {
        return withoutKey(again.reason());
    }

    /** A text without the key, which a server may have said again, or an exception of some library. */
    public String withoutKey(String text) {
        return source.key().hiddenIn(text);
    }

    /**
     * A page that does not come while others do is the page's fault, and its window is better read again, or in halves; only
     * what is away altogether is waited for. So now and then a count, which is little work, tells the one from the other.
     */
    private void giveUp(Question question, Answer.Again again, int failed, long silent, OnBehalf whom) {
        boolean enough = again.struggles() && failed % pace.tries() == 0;
        if (enough && question.link != null) {
            String text = "a next page failed " + failed + " times; the last: " + hidden(again);
            throw new UpstreamFailed(Kind.DEAD_LINK, SayFailure.ofNextPage(again, failed, text), failed);
        }
        if (enough && question.isFirstPage() && ask(question.howMany(), whom) instanceof Answer.Whole) {
            String text = "a first page failed " + failed + " times, and a count did not; the last: " + hidden(again);
            throw new UpstreamFailed(Kind.DEAD_LINK, SayFailure.ofFirstPage(again, failed, text), failed);
        }
        if (silent > source.patience().toNanos()) {
            String text =
                    "nothing succeeded for " + Duration.ofNanos(silent).toSeconds() + " s; the last: " + hidden(again);
            throw new UpstreamFailed(
                    again.unreadable() ? Kind.QUESTION_REFUSED : Kind.AWAY, SayFailure.ofAll(again, text), failed);
        }
    }

    /** In slices, so that a stop is heard. */
    private static void pause(long nanos, OnBehalf whom) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; ; left = end - System.nanoTime()) {
            if (whom.isStopped()) {
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
