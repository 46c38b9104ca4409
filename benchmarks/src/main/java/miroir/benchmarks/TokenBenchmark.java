package miroir.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.index.search.QueryParameter;
import miroir.index.store.PagePosition;
import miroir.index.store.Total;
import miroir.server.paging.PageOwner;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to make the link to the next page of a search, and to open it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenBenchmark {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    private final PageTokens tokens = new PageTokens(() -> SECRET, Duration.ofHours(24), () -> START);
    private final PageOwner owner = new PageOwner("miroir", "app", "/fhir");
    private final PageToken token = new PageToken(
            "Practitioner",
            "http://localhost/fhir",
            List.of(new QueryParameter("family", "dupont"), new QueryParameter("_count", "50")),
            new PagePosition(List.of(), 481_516L),
            false,
            new Total(1_234, true),
            START,
            START,
            7);
    private final String sealed = tokens.seal(token, owner);

    /** A token into the text of a link. */
    @Benchmark
    public String seal() {
        return tokens.seal(token, owner);
    }

    /** The text of a link into a token. */
    @Benchmark
    public PageToken open() {
        return tokens.open(sealed, owner);
    }
}
