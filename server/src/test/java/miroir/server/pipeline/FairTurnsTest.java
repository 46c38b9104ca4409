package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

final class FairTurnsTest {
    private static final int MOST_WAITING = 50;
    private static final Deadline FAR = Deadline.in(Duration.ofMinutes(10));
    private static final Deadline PASSED = new Deadline(System.nanoTime() - 1);

    private final FairTurns turns = new FairTurns(8, MOST_WAITING);
    private final Map<String, Semaphore> mayEnd = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<String>> searches = new ArrayList<>();

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    private Semaphore mayEnd(String who) {
        return mayEnd.computeIfAbsent(who, name -> new Semaphore(0));
    }

    /** Searches until the test lets one more of them end. */
    private CompletableFuture<String> begin(String who) {
        return byAnother(() -> turns.when(Asker.consumer(who), FAR, () -> {
            begun.add(who);
            mayEnd(who).acquireUninterruptibly();
            return who;
        }));
    }

    /** One after the other, so that it is known who came first. */
    private void search(String who, int times) {
        for (int i = 0; i < times; i++) {
            int before = turns.running() + turns.waiting();
            searches.add(begin(who));
            soon().until(() -> turns.running() + turns.waiting() == before + 1);
        }
    }

    @Test
    void networksOfOneProvider_keepOutNobodyElse() {
        List<CompletableFuture<String>> flood = new ArrayList<>();
        Semaphore mayEndFlood = new Semaphore(0);
        for (int i = 0; i < 7 + MOST_WAITING; i++) {
            Asker who = Asker.network("2001:db8:" + Integer.toHexString(i) + ":1::/64");
            int before = turns.running() + turns.waiting();
            flood.add(byAnother(() -> turns.when(who, FAR, () -> {
                mayEndFlood.acquireUninterruptibly();
                return "flood";
            })));
            soon().until(() -> turns.running() + turns.waiting() == before + 1);
        }
        assertThat(turns.running()).as("some are for others").isLessThan(8);
        search("consumer", 1);

        assertThat(begun("consumer")).isEqualTo(1);
        assertThat(turns.refusedByNumber()).isZero();
        end("consumer");
        mayEndFlood.release(flood.size());
    }

    @Test
    void whoHasNoToken_goesBeforeWhoHasOne_whenTooManyWait() {
        search("consumer", 6 + MOST_WAITING - 2);
        Semaphore mayEndOthers = new Semaphore(0);
        List<CompletableFuture<String>> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Asker who = Asker.network("10.0.0." + i);
            others.add(byAnother(() -> turns.when(who, FAR, () -> {
                mayEndOthers.acquireUninterruptibly();
                return "other";
            })));
        }

        awaitRefusals(5);
        assertThat(others).hasSize(8);
        assertThat(searches).noneMatch(CompletableFuture::isDone);
        assertThat(turns.waiting()).isEqualTo(MOST_WAITING);
        mayEndOthers.release(8);
        mayEnd("consumer").release(searches.size());
        searches.forEach(CompletableFuture::join);
    }

    private void end(String who) {
        int before = turns.running() + turns.waiting();
        mayEnd(who).release();
        soon().until(() -> turns.running() + turns.waiting() == before - 1);
    }

    private long begun(String who) {
        return begun.stream().filter(who::equals).count();
    }

    private void awaitBegun(int all) {
        soon().until(() -> begun.size() == all);
    }

    private void endAll() {
        List.of("flood", "other", "a", "b").forEach(who -> mayEnd(who).release(1_000));
        searches.forEach(search -> search.handle((done, failed) -> done).join());
        assertThat(turns.running()).isZero();
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void when_oneAsksForManyAtOnce_leavesTheLastQuarterToOthers() {
        search("flood", 20);
        awaitBegun(6);
        assertThat(turns.waiting()).isEqualTo(14);

        search("a", 1);
        search("b", 1);
        awaitBegun(8);

        assertThat(begun).contains("a", "b");
        endAll();
    }

    @Test
    void when_twoWait_eachComesToHalfOfThem() {
        search("flood", 20);
        search("other", 10);
        awaitBegun(7);
        assertThat(begun("other")).as("begun at once").isEqualTo(1);

        end("flood");
        end("flood");
        end("flood");
        awaitBegun(9);
        assertThat(begun("other")).as("begun until both have three").isEqualTo(3);
        assertThat(begun("flood")).isEqualTo(6);

        end("flood");
        awaitBegun(10);
        assertThat(begun("flood")).isEqualTo(7);
        end("other");
        awaitBegun(11);
        assertThat(begun("other")).isEqualTo(4);
        endAll();
    }

    @Test
    void when_equalsWait_theyTakeTurnsInTheOrderOfTheirLast() {
        FairTurns one = new FairTurns(1, MOST_WAITING);
        Semaphore goOn = new Semaphore(0);
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        for (String who : List.of("x", "a", "a", "a", "b", "b", "c")) {
            int before = one.running() + one.waiting();
            searches.add(byAnother(() -> one.when(Asker.consumer(who), FAR, () -> {
                order.add(who);
                goOn.acquireUninterruptibly();
                return who;
            })));
            soon().until(() -> one.running() + one.waiting() == before + 1);
        }

        goOn.release(100);
        searches.forEach(CompletableFuture::join);

        assertThat(order).containsExactly("x", "a", "b", "c", "a", "b", "a");
    }

    @Test
    void when_noTimeIsLeft_isRefusedAndLeavesTheLine() {
        search("flood", 6);

        assertThatThrownBy(() -> turns.when(Asker.consumer("flood"), PASSED, () -> "done"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY))
                .hasMessageContaining("6 searches are being worked on")
                .hasMessageContaining("limits.searches");

        assertThat(turns.refusedByTime()).isEqualTo(1);
        assertThat(turns.waiting()).isZero();
        assertThat(turns.<String>when(Asker.consumer("other"), PASSED, () -> "done"))
                .isEqualTo("done");
        endAll();
    }

    @Test
    void when_tooManyWait_theYoungestOfTheLongestLineGoes() {
        search("flood", 6 + MOST_WAITING);
        List<CompletableFuture<String>> tooMany = List.of(begin("flood"), begin("flood"));
        searches.addAll(tooMany);
        awaitRefusals(2);
        soon().until(() -> tooMany.stream().allMatch(CompletableFuture::isDone));

        searches.add(begin("other"));
        awaitBegun(7);
        assertThat(turns.refusedByNumber()).isEqualTo(2);
        searches.add(begin("other"));
        searches.add(begin("other"));
        awaitRefusals(4);

        assertThat(turns.waiting()).isEqualTo(MOST_WAITING);
        endAll();
        assertThat(begun("other")).as("of which none was refused").isEqualTo(3);
        assertThat(begun("flood")).isEqualTo(6 + MOST_WAITING - 2);
    }

    private void awaitRefusals(int all) {
        soon().until(() -> turns.refusedByNumber() == all);
    }

    @Test
    void when_aSearchFails_itsTurnIsGivenBack() {
        assertThatThrownBy(() -> turns.when(Asker.consumer("a"), FAR, () -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");

        assertThat(turns.running()).isZero();
    }

    @Test
    void when_whoWaitsIsInterrupted_leavesTheLine() {
        search("flood", 6);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<String> waiting = byAnother(() -> {
            thread.complete(Thread.currentThread());
            return turns.when(Asker.consumer("flood"), FAR, () -> "done");
        });
        soon().until(() -> turns.waiting() == 1);

        thread.join().interrupt();

        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("the server stops");
        assertThat(turns.waiting()).isZero();
        endAll();
    }

    private static <T> CompletableFuture<T> byAnother(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task).start());
    }
}
