package miroir.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    @Test
    void run_workThatBringsForthMore_isAllDone() {
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        WorkQueue<Integer> queue = new WorkQueue<>(List.of(1));

        queue.run(3, "test", number -> {
            done.add(number);
            if (number < 500) {
                queue.add(List.of(2 * number, 2 * number + 1));
            }
        });

        assertThat(done)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 999).boxed().toList());
    }

    @Test
    void run_failure_endsItAndIsThrown() {
        WorkQueue<Integer> queue =
                new WorkQueue<>(IntStream.range(0, 100_000).boxed().toList());
        Set<Integer> done = ConcurrentHashMap.newKeySet();

        assertThatThrownBy(() -> queue.run(2, "test", number -> {
                    done.add(number);
                    if (number == 10) {
                        throw new IllegalStateException("ten");
                    }
                }))
                .hasMessage("ten");
        assertThat(done).hasSizeLessThan(100_000);
    }

    @Test
    void run_errorOfAThread_isThrown() {
        WorkQueue<Integer> queue = new WorkQueue<>(List.of(1));

        assertThatThrownBy(() -> queue.run(1, "test", number -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.UNEXPECTED))
                .hasMessageContaining("deep");
    }

    @Test
    void run_nothing_returns() {
        new WorkQueue<Integer>(List.of()).run(2, "test", number -> {});
    }
}
