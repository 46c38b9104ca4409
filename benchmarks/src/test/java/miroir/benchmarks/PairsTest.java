package miroir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTest {
    @Test
    void bound_isWhatTheMedianIsSeldomAbove() {
        Pairs pairs = new Pairs(
                List.of(101.0, 99.0, 104.0, 102.0, 98.0, 103.0, 100.0, 105.0, 106.0, 109.0, 120.0, 130.0),
                Collections.nCopies(12, 100.0));

        assertThat(Pairs.rankOfBound(12)).isEqualTo(10);
        assertThat(Pairs.rankOfBound(36)).isEqualTo(25);
        assertThat(Pairs.rankOfBound(1)).isEqualTo(1);
        assertThat(pairs.median()).isCloseTo(1.035, within(1e-9));
        assertThat(pairs.upperBound()).isCloseTo(1.09, within(1e-9));
    }
}
