package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FormatStepsTest {
    @Test
    void shipped_leadFromTheFirstToTheNewest() {
        FormatSteps shipped = FormatSteps.shipped();

        assertThat(shipped.newest()).isEqualTo(2);
        assertThat(shipped.after(StoredFormat.FIRST)).isEqualTo(shipped.all());
        assertThat(shipped.after(shipped.newest())).isEmpty();
        assertThat(shipped.writers()).isBetween(StoredFormat.FIRST, shipped.newest());
    }

    @Test
    void of_gapBetweenNumbers_isRefused() {
        assertThatThrownBy(() -> new FormatSteps(List.of(step(2, 1), step(4, 1)), Duration.ZERO))
                .hasMessageContaining("no step leads to format 3");
    }

    @Test
    void writers_ofSeveral_isTheGreatest() {
        FormatSteps steps = new FormatSteps(List.of(step(2, 1), step(3, 3), step(4, 2)), Duration.ZERO);

        assertThat(steps.writers()).isEqualTo(3);
        assertThat(steps.after(2)).extracting(FormatStep::number).containsExactly(3, 4);
    }

    @Test
    void refusal_isOfWhoKnowsLessThanWritersMust() {
        StoredFormat found = new StoredFormat(5, 4, 5, "");

        assertThat(found.refusal(5)).isEmpty();
        assertThat(found.refusal(4)).isEmpty();
        assertThat(found.refusal(3))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("of format 5", "knows format 4 or a newer one", "up to 3"));
    }

    private static FormatStep step(int number, int writers) {
        return new FormatStep(number, writers, "", (database, type, pace) -> {});
    }
}
