package miroir.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PromQlTest {
    @Test
    void of_aQuantile_hasTheMetricItsSelectorsAndItsGroups() {
        PromQl.Uses uses = PromQl.of(
                "histogram_quantile(0.95, sum by (interaction, le) (rate(a_bucket{instance=~\"$instance\", x!='y}'}[5m]))) > 1e3");

        assertThat(uses.metrics()).isEqualTo(Map.of("a_bucket", Set.of("instance", "x")));
        assertThat(uses.labels()).containsExactly("interaction", "le");
    }

    @Test
    void of_twoMetrics_joined_hasBoth() {
        PromQl.Uses uses = PromQl.of(
                "sum(rate(a[$__rate_interval])) by (s) / on (s) group_left () count without (t) (b offset 5m == bool 1) or vector(0) unless c");

        assertThat(uses.metrics()).isEqualTo(Map.of("a", Set.of(), "b", Set.of(), "c", Set.of()));
        assertThat(uses.labels()).containsExactly("s", "t");
    }

    @Test
    void of_valuesOfALabel_hasMetricAndLabel() {
        PromQl.Uses uses = PromQl.of("label_values(up{job=\"x\"}, instance)");

        assertThat(uses.metrics()).isEqualTo(Map.of("up", Set.of("job")));
        assertThat(uses.labels()).containsExactly("instance");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(a",
                "a)",
                "a{b=\"c\"",
                "a{b=\"c}",
                "a ? b",
                "sum by a",
                "{b=\"c\"}",
                "ratee(a[5m])",
                "summ by (x) (a)"
            })
    void of_whatIsNone_isRefused(String expression) {
        assertThatIllegalArgumentException().isThrownBy(() -> PromQl.of(expression));
    }
}
