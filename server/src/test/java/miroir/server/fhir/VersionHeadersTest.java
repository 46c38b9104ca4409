package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.junit.jupiter.api.Test;

class VersionHeadersTest {
    /** RFC 9110 wants two figures for the day; some clients refuse one. */
    @Test
    void lastModified_onAnEarlyDayOfTheMonth_hasTwoFigures() {
        ResourceVersion version = new ResourceVersion.Deleted(
                new ResourceKey("Device", "a"), 2, Instant.parse("2026-12-06T01:02:03.999Z"));

        assertThat(VersionHeaders.lastModified(version)).isEqualTo("Sun, 06 Dec 2026 01:02:03 GMT");
    }
}
