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

    @Test
    void of_signsPowersAndNumbers_isRead() {
        PromQl.Uses uses = PromQl.of(
                "-a ^ -2 * (1 > bool 2) - time() < .5 and topk(3, a) or quantile by (x) (0.9, b offset -1h30m) > bool 1");

        assertThat(uses.metrics()).containsOnlyKeys("a", "b");
        assertThat(uses.labels()).containsExactly("x");
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
                "summ by (x) (a)",
                "",
                "a b",
                "a > > b",
                "a >",
                "a[5m]",
                "rate(a)",
                "rate(a[5m]",
                "rate(a[5 minutes])",
                "rate(a[5])",
                "rate(sum(a)[5m])",
                "rate(a[5m], 2)",
                "sum(1)",
                "sum(a[5m])",
                "sum by (x) (a) by (y)",
                "topk(a)",
                "histogram_quantile(a, 0.5)",
                "1 > 2",
                "a and 1",
                "a and on (x) group_left () b",
                "1 + on (x) a",
                "a + \"b\"",
                "a{b=c}",
                "a{b > \"c\"}",
                "a{b=\"c\" d=\"e\"}",
                "a offset 5",
                "a == 5m",
                "on (x) a",
                "label_values(a)",
                "label_values(a, b) + 1"
            })
    void of_whatIsNone_isRefused(String expression) {
        assertThatIllegalArgumentException().isThrownBy(() -> PromQl.of(expression));
    }
}
