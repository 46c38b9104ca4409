package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private final BlockingQueue<Boolean> taken = new LinkedBlockingQueue<>();
    private final AtomicBoolean isLast = new AtomicBoolean();
    private final Turns turns = new Turns("turns-of-a-test", this::turn, 1);

    private void turn() {
        taken.add(true);
        if (isLast.get()) {
            turns.rest();
        }
    }

    @AfterEach
    void close() {
        turns.close();
    }

    /** What is asked of the thread is done between turns: what came after the last one would be done after one more. */
    private int takenUntilAllIsDone() throws Exception {
        turns.thread().schedule(() -> {}, 20, TimeUnit.MILLISECONDS).get();
        return taken.size();
    }

    @Test
    void turns_areTakenFromWhenTheyAreToBe_untilTheyRest_andAgain() throws Exception {
        assertThat(takenUntilAllIsDone()).isZero();
        for (int i = 0; i < 2; i++) {
            isLast.set(false);
            taken.clear();
            turns.go();
            turns.go();
            assertThat(taken.poll(30, TimeUnit.SECONDS)).isTrue();
            assertThat(taken.poll(30, TimeUnit.SECONDS)).isTrue();
            isLast.set(true);
            takenUntilAllIsDone();
            taken.clear();
            assertThat(takenUntilAllIsDone()).isZero();
        }
    }
}
