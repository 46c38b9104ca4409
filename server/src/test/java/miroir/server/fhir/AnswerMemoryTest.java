package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
    private static final Deadline PASSED = new Deadline(System.nanoTime() - 1);
    private static final Deadline FAR = Deadline.in(Duration.ofMinutes(1));

    private final AnswerMemory memory = new AnswerMemory(1 << 20);

    @Test
    void forPage_whileAnotherHoldsAll_isRefusedAtTheDeadline() {
        memory.forPage(1000, FAR);

        assertThatThrownBy(() -> memory.forPage(1, PASSED))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("_count");
    }

    @Test
    void forPage_onceTheOtherIsSettledOrSent_isGiven() {
        AnswerMemory.Held first = memory.forPage(1000, FAR);
        first.settle(1000);
        AnswerMemory.Held second = memory.forPage(1, PASSED);
        second.close();
        first.close();

        assertThat(memory.forPage(1000, PASSED)).isNotNull();
    }

    @Test
    void forPage_whileOneIsLargerThanThought_waitsUntilItIsSent() {
        AnswerMemory.Held larger = memory.forPage(1, FAR);
        larger.settle(1 << 30);
        assertThatThrownBy(() -> memory.forPage(1, PASSED)).isInstanceOf(Refusal.class);

        CompletableFuture<AnswerMemory.Held> waiting = CompletableFuture.supplyAsync(() -> memory.forPage(1, FAR));
        larger.close();
        larger.close();

        assertThat(waiting.join()).isNotNull();
    }
}
