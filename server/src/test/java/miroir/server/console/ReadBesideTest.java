package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import miroir.index.Refusal;
import org.junit.jupiter.api.Test;

final class ReadBesideTest {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger reads = new AtomicInteger();

    private final AtomicLong clock = new AtomicLong();

    private final ReadBeside<String> read =
            new ReadBeside<>(which -> which + reads.incrementAndGet(), waiting::add, clock::get);

    @Test
    void get_ofWhatWasReadForAPage_isThat_andIsReadMeanwhile() {
        read.known("a", "a0", 0);

        assertThat(read.get("a")).isEqualTo("a0");
        assertThat(read.get("a")).isEqualTo("a0");
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(read.get("a")).isEqualTo("a1");
    }

    @Test
    void get_ofWhatNobodyHasRead_isNothingUntilItIs() {
        assertThat(read.get("b")).isNull();
        waiting.remove().run();

        assertThat(read.get("b")).isEqualTo("b1");
    }

    @Test
    void get_whileItIsRead_asksForItOnce() {
        read.known("c", "c0", 0);
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
                waiting::add,
                clock::get);
        broken.known("d", "d0", 0);
        assertThat(broken.get("d")).isEqualTo("d0");
        waiting.remove().run();

        assertThatThrownBy(() -> broken.get("d")).isInstanceOf(Refusal.class);
    }

    /** What somebody looks at is not forgotten for what others look at, and is not read again and again. */
    @Test
    void get_ofTooMany_isRefused_andThoseBeforeAreReadOnce() {
        for (int i = 0; i < 10 * ReadBeside.MOST; i++) {
            read.get("e" + i % ReadBeside.MOST);
        }

        assertThat(waiting).hasSize(ReadBeside.MOST);
        assertThatThrownBy(() -> read.get("another")).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> read.now("another")).isInstanceOf(Refusal.class);
        waiting.forEach(Runnable::run);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(61));
        assertThat(read.get("another")).isNull();
    }

    /** However many come and go: what took a second is left alone for nineteen. */
    @Test
    void get_afterAReading_restsAlsoWhereItWasReadForAPage() {
        ReadBeside<String> slow = new ReadBeside<>(
                which -> {
                    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
                    return which + reads.incrementAndGet();
                },
                waiting::add,
                clock::get);

        assertThat(slow.now("f")).isEqualTo("f1");
        slow.known("f", "f of a page", clock.get());
        assertThat(slow.now("f")).isEqualTo("f of a page");
        assertThat(slow.get("f")).isEqualTo("f of a page");
        assertThat(waiting).isEmpty();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(19));
        assertThat(slow.now("f")).isEqualTo("f2");
    }

    /** Who began to read before somebody loaded the page has seen what was before. */
    @Test
    void known_whileItIsRead_isNotUndone() {
        ReadBeside<String> overtaken = new ReadBeside<>(
                which -> {
                    clock.incrementAndGet();
                    return which + reads.incrementAndGet();
                },
                waiting::add,
                clock::get);
        overtaken.get("g");
        Runnable reading = waiting.remove();
        overtaken.known("g", "g of a page", 10);
        reading.run();

        assertThat(overtaken.get("g")).isEqualTo("g of a page");
    }
}
