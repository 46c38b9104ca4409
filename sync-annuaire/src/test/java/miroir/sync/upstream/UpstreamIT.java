package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import miroir.sync.testing.LittleProxy;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.TlsUpstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways to a server: through a proxy, and behind TLS. */
class UpstreamIT {
    private static Upstream upstream(URI base, @Nullable String proxy, @Nullable Path trust) {
        Source source = new Source(
                "up",
                base,
                new SourceKey("ESANTE-API-KEY", "s3cret"),
                1_000,
                Duration.ofSeconds(20),
                50,
                proxy,
                trust,
                Duration.ofSeconds(60),
                "");
        return new Upstream(source, Mirroring.QUICK);
    }

    private static Page count(Upstream upstream) {
        return upstream.count("Organization", "name=x", () -> false);
    }

    @Test
    void call_throughAProxy_givesItTheWholeAddress() {
        try (ScriptedUpstream server = new ScriptedUpstream();
                LittleProxy proxy = new LittleProxy()) {
            server.put("o1", "\"name\":\"x\"");

            assertThat(count(upstream(server.base(), proxy.address(), null)).total())
                    .isEqualTo(1);
            assertThat(proxy.heads()).hasSize(1);
            assertThat(proxy.heads().get(0))
                    .startsWith("GET " + server.base() + "/Organization?name=x&_count=0&_total=accurate HTTP/1.1")
                    .contains("ESANTE-API-KEY: s3cret");
        }
    }

    @Test
    void call_ofTlsThroughAProxy_isATunnelThatShowsNoKey(@TempDir Path folder) throws Exception {
        try (TlsUpstream server = TlsUpstream.start(folder);
                LittleProxy proxy = new LittleProxy()) {
            assertThat(count(upstream(server.base(), proxy.address(), server.anchor()))
                            .total())
                    .isZero();
            assertThat(proxy.heads()).hasSize(1);
            assertThat(proxy.heads().get(0))
                    .startsWith("CONNECT " + server.base().getAuthority() + " HTTP/1.1")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void call_ofTlsWithAnUnknownAuthority_failsAtOnceAndNamesTheSetting(@TempDir Path folder) throws Exception {
        try (TlsUpstream server = TlsUpstream.start(folder)) {
            Upstream distrustful = upstream(server.base(), null, null);

            assertThatThrownBy(() -> count(distrustful))
                    .isInstanceOfSatisfying(
                            UpstreamFailed.class,
                            failed -> assertThat(failed.kind()).isEqualTo(UpstreamFailed.Kind.NOT_TRUSTED))
                    .hasMessageContaining("127.0.0.1 is not trusted")
                    .hasMessageContaining("sources.up.trust")
                    .hasMessageContaining("MIROIR_SYNC_TRUST");
            assertThat(distrustful.calls()).isEqualTo(1);
            assertThat(count(upstream(server.base(), null, server.anchor())).total())
                    .isZero();
        }
    }
}
