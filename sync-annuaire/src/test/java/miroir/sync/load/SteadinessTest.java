package miroir.sync.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SteadinessTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private static Sample sample(double seconds, long stored) {
        return new Sample(seconds, Map.of("Device", stored), seconds / 2, seconds);
    }

    @Test
    void of_loadThatGetsSlower_dividesTheTenths() {
        // Nothing for 3 seconds, then 50 a second, and 25 a second for the last hundred.
        List<Sample> samples =
                List.of(sample(0, 0), sample(3, 0), sample(4, 10), sample(6, 110), sample(22, 910), sample(26, 1_010));

        Steadiness steadiness = Steadiness.of("Device", samples);

        assertThat(steadiness.first().seconds()).isEqualTo(2, EXACT);
        assertThat(steadiness.last().seconds()).isEqualTo(4, EXACT);
        assertThat(steadiness.last().cpu()).isEqualTo(6, EXACT);
        assertThat(steadiness.ratio()).isEqualTo(0.5, EXACT);
    }

    @Test
    void of_tenthThatBeginsBetweenSamples_isInterpolated() {
        List<Sample> samples = List.of(sample(0, 0), sample(1, 20), sample(11, 1_020), sample(12, 1_020));

        Steadiness steadiness = Steadiness.of("Device", samples);

        assertThat(steadiness.resources()).isEqualTo(1_020);
        assertThat(steadiness.first().seconds()).isEqualTo(1, EXACT);
        assertThat(steadiness.last().seconds()).as("not until the process ends").isEqualTo(1, EXACT);
    }
}
