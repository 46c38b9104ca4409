package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import miroir.index.Refusal;
import org.junit.jupiter.api.Test;

final class RunsAtOnceTest {
    private final RunsAtOnce runs = new RunsAtOnce(3, 2);

    private void assertRefused(String asker, String reason) {
        assertThatThrownBy(() -> runs.begin(Asker.consumer(asker)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(reason);
    }

    @Test
    void begin_moreOfOne_isRefusedUntilOneIsOver() {
        Runnable first = runs.begin(Asker.consumer("a"));
        runs.begin(Asker.consumer("a"));
        assertRefused("a", "2 for you, of 2 that are allowed");
        first.run();
        assertThatCode(() -> runs.begin(Asker.consumer("a"))).doesNotThrowAnyException();
    }

    @Test
    void begin_moreInAll_isRefused() {
        runs.begin(Asker.consumer("a"));
        runs.begin(Asker.consumer("b"));
        runs.begin(Asker.consumer("c"));
        assertRefused("d", "0 for you, of 2 that are allowed, and 3 in all, of 3");
    }
}
