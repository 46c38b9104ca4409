package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class UpstreamDateTest {
    private static final Instant AT = Instant.parse("2026-08-25T10:16:00Z");

    @Test
    void parse_dateHeader_isTheInstant() {
        assertThat(UpstreamDate.parse("Tue, 25 Aug 2026 10:16:00 GMT")).isEqualTo(AT);
    }

    @Test
    void parse_noOrUnreadableHeader_isRefusedByName() {
        assertThatThrownBy(() -> UpstreamDate.parse(null)).hasMessageContaining("no Date header");
        assertThatThrownBy(() -> UpstreamDate.parse("yesterday")).hasMessageContaining("'yesterday'");
    }
}
