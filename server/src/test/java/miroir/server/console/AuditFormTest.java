package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.Map;
import miroir.index.search.QueryParameter;
import org.junit.jupiter.api.Test;

final class AuditFormTest {
    private static AuditForm of(String query) {
        return AuditForm.of(QueryParameter.decode(query), ZoneId.of("Europe/Paris"));
    }

    @Test
    void form_timesOfTheClock_areInstants() {
        AuditForm form = of("from=2026-11-29T10:30&to=2026-07-01T00:00:05&lang=fr&consumer=&id=");

        assertThat(form.first()).isEqualTo("?from=2026-11-29T09:30:00Z&to=2026-06-30T22:00:05Z");
        assertThat(form.value("from")).isEqualTo("2026-11-29T10:30");
        assertThat(form.value("to")).isEqualTo("2026-07-01T00:00:05");
    }

    @Test
    void form_instants_stay_andWhatIsNone_isLeftToBeRefused() {
        assertThat(of("from=2026-11-29T09:30:00Z").first()).isEqualTo("?from=2026-11-29T09:30:00Z");
        assertThat(of("from=yesterday").first()).isEqualTo("?from=yesterday");
        assertThat(of("from=yesterday").value("from")).isEqualTo("yesterday");
    }

    @Test
    void link_isOnTheFirstPageUnlessItSaysWhich() {
        AuditForm form = of("consumer=pharmacy&after=x");

        assertThat(form.isFirst()).isFalse();
        assertThat(form.link(Map.of("outcome", "failed"))).isEqualTo("?consumer=pharmacy&outcome=failed");
        assertThat(form.link(Map.of("after", "y"))).isEqualTo("?consumer=pharmacy&after=y");
    }
}
