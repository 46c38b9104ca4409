package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.format.AnswerFormat;
import miroir.server.format.Format;
import org.junit.jupiter.api.Test;

class WorkingMemoryTest {
    private static final Deadline PASSED = new Deadline(System.nanoTime() - 1);
    private static final Deadline FAR = Deadline.in(Duration.ofMinutes(1));
    private static final String TYPE = "Organization";

    private final WorkingMemory memory = new WorkingMemory(1 << 20);

    @Test
    void forPage_whileAnotherHoldsAll_isRefusedAtTheDeadline() {
        memory.forPage(TYPE, IntStream.of(1000), FAR);

        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(1), PASSED))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("_count");
    }

    @Test
    void forPage_ofWhatWasNeverSeen_takesWhatTheLargestNeeds() {
        memory.forPage(TYPE, IntStream.of(1), FAR);

        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(1), PASSED)).isInstanceOf(Refusal.class);
    }

    @Test
    void forPage_onceTheOtherIsReadOrSent_isGiven() {
        WorkingMemory.Held first = memory.forPage(TYPE, IntStream.of(1000), FAR);
        first.read(AnswerFormat.PLAIN_JSON, 1000, 500);
        WorkingMemory.Held second = memory.forPage(TYPE, IntStream.of(1), PASSED);
        second.close();
        first.close();

        assertThat(memory.forPage("Device", IntStream.of(1000), PASSED)).isNotNull();
    }

    @Test
    void forPage_afterALargeResource_countsWithMoreOfThem() {
        WorkingMemory.Held first = memory.forPage(TYPE, IntStream.of(10), FAR);
        first.read(AnswerFormat.PLAIN_JSON, 1000, 30_000);
        first.close();

        memory.forPage(TYPE, IntStream.of(10), PASSED);
        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(10), PASSED)).isInstanceOf(Refusal.class);
    }

    @Test
    void forPage_whileOneIsLargerThanThought_waitsUntilItIsSent() {
        WorkingMemory.Held larger = memory.forPage(TYPE, IntStream.of(1), FAR);
        larger.read(AnswerFormat.PLAIN_JSON, 1 << 30);
        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(1), PASSED)).isInstanceOf(Refusal.class);

        CompletableFuture<WorkingMemory.Held> waiting =
                CompletableFuture.supplyAsync(() -> memory.forPage(TYPE, IntStream.of(1), FAR));
        larger.close();
        larger.close();

        assertThat(waiting.join()).isNotNull();
    }

    @Test
    void written_whatIsOnlyABufferAnyMore_leavesRoom() {
        WorkingMemory.Held page = memory.forPage(TYPE, IntStream.of(1000), FAR);
        page.read(AnswerFormat.PLAIN_JSON, 250_000);
        assertThatThrownBy(() -> memory.forBody(50_000, PASSED)).isInstanceOf(Refusal.class);

        page.written(250_000);

        assertThat(memory.forBody(50_000, PASSED)).isNotNull();
    }

    @Test
    void read_ofWhatIsIndented_countsWithAnAnswerThatIsLonger() {
        WorkingMemory.Held page = memory.forPage(TYPE, IntStream.of(1000), FAR);
        page.read(AnswerFormat.PLAIN_JSON, 100_000);
        memory.forBody(50_000, PASSED).close();

        page.read(new AnswerFormat(Format.JSON, true), 100_000);

        assertThatThrownBy(() -> memory.forBody(50_000, PASSED)).isInstanceOf(Refusal.class);
    }

    @Test
    void forPage_whereNothingWasFound_expectsLittle() {
        WorkingMemory.Held page = memory.forPage(TYPE, IntStream.of(10), FAR);
        page.read(AnswerFormat.PLAIN_JSON);
        memory.foundNothing("Device");

        memory.forPage(TYPE, IntStream.of(1), PASSED);
        memory.forPage("Device", IntStream.of(1), PASSED);
        assertThat(memory.forPage("Device", IntStream.of(1), PASSED)).isNotNull();
    }

    @Test
    void forPage_whereNothingWasFoundBesideALargeOne_stillExpectsIt() {
        memory.saw(TYPE, replaced(30_000));
        for (int i = 0; i < 1000; i++) {
            memory.foundNothing(TYPE);
        }

        memory.forPage(TYPE, IntStream.of(10), PASSED);
        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(10), PASSED)).isInstanceOf(Refusal.class);
    }

    @Test
    void forPage_afterManySmallOnes_forgetsALargeOne() {
        memory.saw(TYPE, replaced(1_000_000));
        for (int i = 0; i < 200; i++) {
            memory.saw(TYPE, replaced(1_000));
        }

        for (int i = 0; i < 6; i++) {
            assertThat(memory.forPage(TYPE, IntStream.of(10), PASSED)).isNotNull();
        }
    }

    @Test
    void forPage_largeOnesBeingRead_leaveAQuarterToOthersOfWhateverType() {
        memory.saw(TYPE, replaced(10_000));
        memory.saw("Device", replaced(10_000));
        WorkingMemory.Held first = memory.forPage(TYPE, IntStream.of(10), PASSED);
        memory.forPage("Device", IntStream.of(10), PASSED);

        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(10), PASSED)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> memory.forPage("Device", IntStream.of(10), PASSED))
                .isInstanceOf(Refusal.class);
        assertThat(memory.forPage(TYPE, IntStream.of(1), PASSED)).isNotNull();

        first.read(AnswerFormat.PLAIN_JSON, 10_000);
        assertThat(memory.forPage(TYPE, IntStream.of(4), PASSED)).isNotNull();
    }

    @Test
    void forPage_smallOnesBeingRead_leaveRoomForReads() {
        memory.saw(TYPE, replaced(10_000));
        memory.foundNothing("Device");
        int held = 0;
        while (isGiven(TYPE, 1)) {
            held++;
        }

        assertThat(held).isEqualTo(((1 << 20) - 4 * 30_000) / 30_000);
        assertThat(isGiven("Device", 1)).isTrue();
        assertThat(isGiven("Device", 2)).isTrue();
    }

    /** Large pages are given room in the order in which they were asked for, and small ones pass them. */
    @Test
    void forPage_largestOfAll_isNotPassedByLargeOnesThatCameLater() throws Exception {
        memory.saw(TYPE, replaced(10_000));
        WorkingMemory.Held first = memory.forPage(TYPE, IntStream.of(20), PASSED);
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        for (int resources : new int[] {34, 3}) {
            Thread thread = new Thread(() -> {
                WorkingMemory.Held held = memory.forPage(TYPE, IntStream.of(resources), FAR);
                order.add(resources);
                held.close();
            });
            thread.start();
            waiting.add(thread);
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        memory.forPage(TYPE, IntStream.of(1), PASSED).close();
        assertThat(order).isEmpty();
        first.close();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(order).containsExactly(34, 3);
    }

    @Test
    void forForm_howeverManyThereAre_leaveNearlyAllToTheOthers() {
        List<WorkingMemory.Held> forms = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            forms.add(memory.forForm(2_000, PASSED));
        }

        assertThatThrownBy(() -> memory.forForm(2_000, PASSED)).isInstanceOf(Refusal.class);
        assertThat(memory.forBody(80_000, PASSED)).isNotNull();

        forms.get(0).close();
        assertThat(memory.forForm(2_000, PASSED)).isNotNull();
    }

    private boolean isGiven(String type, int resources) {
        try {
            memory.forPage(type, IntStream.of(resources), PASSED);
            return true;
        } catch (Refusal full) {
            return false;
        }
    }

    @Test
    void forUpdate_overALargeResource_isAccountedForWithoutABody() {
        memory.saw(TYPE, replaced(50_000));

        memory.forUpdate(TYPE, 0, PASSED);

        assertThatThrownBy(() -> memory.forUpdate(TYPE, 0, PASSED)).isInstanceOf(Refusal.class);
        assertThat(memory.forBody(1_000, PASSED)).isNotNull();
    }

    @Test
    void forPage_ofMoreThanIsLeftOnceSomethingIsKept_takesWhatIsLeft() {
        memory.forGood(1 << 19, PASSED).keep();

        WorkingMemory.Held all = memory.forPage(TYPE, IntStream.of(1000), PASSED);
        assertThatThrownBy(() -> memory.forPage(TYPE, IntStream.of(1), PASSED)).isInstanceOf(Refusal.class);
        all.close();
        assertThat(memory.canSpare(1 << 18)).isTrue();
        assertThat(memory.canSpare((1 << 18) + 1)).isFalse();
    }

    private static Written replaced(long bytes) {
        return new Written(
                new ResourceVersion.Deleted(new ResourceKey(TYPE, "o"), 2, Instant.EPOCH, false),
                Written.Effect.DELETED,
                bytes);
    }
}
