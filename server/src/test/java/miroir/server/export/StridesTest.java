package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import miroir.index.Refusal;
import org.junit.jupiter.api.Test;

/** How wide stretches are. */
final class StridesTest {
    private final Refusal tooCostly = new Refusal(Refusal.Reason.TOO_COSTLY, "too long");

    @Test
    void stretch_thatTookTooLong_isHalvedByItsPositions_andWidensAgain() {
        Strides strides = new Strides(1_000);
        assertThat(strides.end(500, 10_000)).isEqualTo(1_500);
        assertThat(strides.end(500, 600)).isEqualTo(600);

        strides.halve(500, 1_500, tooCostly);
        assertThat(strides.end(500, 10_000)).isEqualTo(1_000);
        strides.halve(500, 1_000, tooCostly);
        assertThat(strides.end(500, 10_000)).isEqualTo(750);

        strides.done();
        assertThat(strides.end(750, 10_000)).isEqualTo(1_250);
        strides.done();
        strides.done();
        assertThat(strides.end(0, 10_000)).isEqualTo(1_000);
    }

    @Test
    void narrowStretch_andAnyOtherRefusal_areRefused() {
        Strides strides = new Strides(1_000);
        Refusal other = new Refusal(Refusal.Reason.NOT_READY, "later");

        assertThatThrownBy(() -> strides.halve(0, 100, tooCostly)).isSameAs(tooCostly);
        assertThatThrownBy(() -> strides.halve(0, 1_000, other)).isSameAs(other);
    }
}
