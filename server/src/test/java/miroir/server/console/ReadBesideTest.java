package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import org.junit.jupiter.api.Test;

final class ReadBesideTest {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger reads = new AtomicInteger();

    private final ReadBeside<String> read = new ReadBeside<>(which -> which + reads.incrementAndGet(), waiting::add);

    @Test
    void get_ofWhatWasReadForAPage_isThat_andIsReadMeanwhile() {
        read.known("a", "a0");

        assertThat(read.get("a")).isEqualTo("a0");
        assertThat(read.get("a")).isEqualTo("a0");
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(read.get("a")).isEqualTo("a1");
    }

    @Test
    void get_ofWhatNobodyHasRead_isRefusedUntilItIs() {
        assertThatThrownBy(() -> read.get("b")).isInstanceOf(Refusal.class);
        waiting.remove().run();

        assertThat(read.get("b")).isEqualTo("b1");
    }

    @Test
    void get_whileItIsRead_asksForItOnce() {
        read.known("c", "c0");
        for (int i = 0; i < 100; i++) {
            read.get("c");
        }

        assertThat(waiting).hasSize(1);
        assertThat(reads).hasValue(0);
    }

    @Test
    void get_ofWhatCannotBeRead_isRefused_andTriedAgain() {
        ReadBeside<String> broken = new ReadBeside<>(
                which -> {
                    throw new IllegalStateException("away");
                },
                waiting::add);
        broken.known("d", "d0");
        assertThat(broken.get("d")).isEqualTo("d0");
        waiting.remove().run();

        assertThatThrownBy(() -> broken.get("d")).isInstanceOf(Refusal.class);
    }

    /** Whoever asks for ever new things has those of before forgotten. */
    @Test
    void get_ofMany_keepsTheLastOnes() {
        for (int i = 0; i < 100; i++) {
            read.known("e" + i, "value");
        }

        assertThat(read.get("e99")).isEqualTo("value");
        assertThatThrownBy(() -> read.get("e1")).isInstanceOf(Refusal.class);
    }
}
