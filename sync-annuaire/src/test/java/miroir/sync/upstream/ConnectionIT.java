package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are zipped. */
class ConnectionIT {
    private static final int MORE_THAN_ALLOWED = BoundedBody.MOST + 1;

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Connection connection = new Connection(Mirroring.source(upstream.base()));

    @AfterEach
    void close() {
        upstream.close();
    }

    private byte[] get(Response response) throws Exception {
        upstream.next(1, response);
        return connection
                .get(URI.create(upstream.base() + "/Organization"), false)
                .body();
    }

    private static Response zipped(String body) {
        return Response.of(200, body).with("Content-Encoding", "gzip");
    }

    @Test
    void get_zippedAnswer_isAskedForAndUnzipped() throws Exception {
        assertThat(get(zipped("{\"name\":\"Hôpital\"}")))
                .isEqualTo("{\"name\":\"Hôpital\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(upstream.calls().get(0).gzip()).isTrue();
    }

    @Test
    void get_plainAnswer_staysAsItIs() throws Exception {
        assertThat(get(Response.of(200, "{}"))).asString().isEqualTo("{}");
        assertThat(get(Response.of(200, "{}").with("Content-Encoding", "identity")))
                .asString()
                .isEqualTo("{}");
        assertThat(get(Response.of(502, "").with("Content-Encoding", "GZIP"))).isEmpty();
    }

    /** On the wire it has 32 kB. */
    @Test
    void get_zippedAnswerThatUnzipsBeyondTheBound_fails() {
        assertThatThrownBy(() -> get(zipped(" ".repeat(MORE_THAN_ALLOWED))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than " + BoundedBody.MOST + " bytes");
    }

    @Test
    void get_answerBeyondTheBound_fails() {
        assertThatThrownBy(() -> get(Response.of(200, " ".repeat(MORE_THAN_ALLOWED))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than " + BoundedBody.MOST + " bytes");
    }

    @Test
    void get_brokenOrOtherCoding_fails() {
        assertThatThrownBy(() -> get(Response.of(200, "{}").with("Content-Encoding", "br")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in the coding br");
        assertThatThrownBy(() -> get(Response.of(200, "{}").with("Content-Encoding", "x-gzip")))
                .isInstanceOf(IOException.class);
    }
}
