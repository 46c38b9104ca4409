package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import miroir.sync.upstream.UpstreamFailed.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is given up, and as what. */
class UpstreamFailuresIT {
    private static final SourceKey KEY = new SourceKey("ESANTE-API-KEY", "s3cr3t", "the environment variable KEY");

    private final ScriptedUpstream server = new ScriptedUpstream();

    @AfterEach
    void close() {
        server.close();
    }

    private Upstream upstream(SourceKey key) {
        Source source =
                Source.of("up", server.base(), key).with(100_000, Duration.ofSeconds(20), Duration.ofMillis(300));
        return new Upstream(source, Mirroring.QUICK);
    }

    private static Page count(Upstream upstream) {
        return upstream.count("Organization", "", () -> false);
    }

    private static Page first(Upstream upstream) {
        return upstream.first("Organization", "", () -> false);
    }

    private static void assertFailsAs(Kind kind, String part, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UpstreamFailed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(kind))
                .hasMessageContaining(part);
    }

    @Test
    void first_thatFailsWhileCountsDoNot_isTheWindowsFault() {
        server.always(call -> call.isCount() ? null : Response.of(504, ""));

        assertFailsAs(Kind.DEAD_LINK, "a count did not", () -> first(upstream(KEY)));
    }

    @Test
    void first_thatFailsAsEverythingDoes_isAway() {
        server.always(call -> Response.of(503, ""));

        assertFailsAs(Kind.AWAY, "nothing succeeded", () -> first(upstream(KEY)));
    }

    @Test
    void count_answeredWithNothingOfUse_isNotAway() {
        server.always(call -> Response.of(200, "<html>a portal</html>"));

        assertFailsAs(Kind.QUESTION_REFUSED, "not whole", () -> count(upstream(KEY)));
    }

    /** Others of the same source succeed all the time. */
    @Test
    void count_neverAnsweredWhileOthersAre_endsAllTheSame() {
        Upstream upstream = upstream(KEY);
        server.always(call -> {
            if (call.query().contains("name=x")) {
                return Response.of(503, "");
            }
            return null;
        });
        AtomicInteger others = new AtomicInteger();

        assertFailsAs(
                Kind.AWAY,
                "nothing succeeded",
                () -> upstream.count("Organization", "name=x", () -> {
                    if (others.getAndIncrement() % 10 == 0) {
                        count(upstream);
                    }
                    return false;
                }));
        assertThat(others).hasPositiveValue();
    }

    @Test
    void key_saidAgainByTheServer_isHidden() {
        server.always(call -> Response.of(401, "the key s3cr3t is unknown"));

        assertThatThrownBy(() -> count(upstream(KEY)))
                .hasMessageContaining("refuses the key")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void key_notSet_isSaidToBeMissing() {
        server.always(call -> Response.of(401, ""));
        SourceKey missing = new SourceKey("ESANTE-API-KEY", "", "the environment variable KEY");

        assertFailsAs(
                Kind.KEY_REFUSED,
                "no key was sent: the environment variable KEY is not set",
                () -> count(upstream(missing)));
        assertFailsAs(Kind.KEY_REFUSED, "neither keyVariable nor keyFile", () -> count(upstream(SourceKey.none())));
    }

    /** On the way to TLS, where Java by itself would tell a proxy no password. */
    @Test
    void call_throughAProxyThatAsksForAUser_tellsIt() {
        AtomicReference<String> given = new AtomicReference<>();
        try (TellingProxy proxy = TellingProxy.start(given::set)) {
            Source source = new Source(
                    "up",
                    URI.create("https://directory.example/fhir"),
                    KEY,
                    1_000,
                    Duration.ofSeconds(20),
                    50,
                    "http://u:pa%3Ass@" + proxy.address(),
                    null,
                    Duration.ofMillis(1),
                    "");

            assertThatThrownBy(() -> count(new Upstream(source, Mirroring.QUICK)))
                    .hasMessageNotContaining("pa:ss")
                    .hasMessageNotContaining("s3cr3t");
        }
        assertThat(given.get())
                .startsWith("CONNECT directory.example:443 HTTP/1.1")
                .contains("Proxy-Authorization: Basic dTpwYTpzcw==")
                .doesNotContain("s3cr3t");
    }
}
