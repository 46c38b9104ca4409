package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Asker;
import miroir.server.pipeline.FairTurns;
import miroir.server.pipeline.WorkingMemory;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** What is asked for a file, and when. */
final class ReadPagesTest {
    private static final Asker WHO = new Asker("who", "who", true);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FairTurns turns = new FairTurns(1, 1);
    private final WorkingMemory memory = WorkingMemory.ofThisHeap();
    private final List<Long> sent = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();

    /** Touched by one thread. */
    private int questions;

    private int checks;

    private ReadPages pages() {
        return new ReadPages(turns, memory, PATIENCE, WHO, () -> checks++, Duration.ZERO);
    }

    private void each(ReadPages pages, ReadPages.Stretch stretch) throws IOException {
        pages.each("Organization", stretch, 0, 250_000, page -> page.forEach(each -> sent.add(each.position())));
    }

    /** One resource at each tenth of a million. */
    private HeldPage page(long after, long upTo) {
        questions++;
        ends.add(upTo);
        return new HeldPage(
                LongStream.of(100_000, 200_000)
                        .filter(position -> position > after && position <= upTo)
                        .mapToObj(ReadPagesTest::resource)
                        .toList(),
                upTo);
    }

    private static ResourceVersion.Live resource(long position) {
        return new ResourceVersion.Live(
                new ResourceKey("Organization", "o" + position),
                1,
                Instant.EPOCH,
                position,
                ResourceVersion.Origin.CREATED,
                RawBsonDocument.parse("{resourceType: 'Organization'}"));
    }

    @Test
    void questions_areAboutNoMoreThanWasCountedAtOnce_andCheckedEach() throws Exception {
        each(pages(), (after, upTo, deadline) -> page(after, upTo));

        assertThat(ends).containsExactly(100_000L, 200_000L, 250_000L);
        assertThat(sent).containsExactly(100_000L, 200_000L);
        assertThat(checks).isEqualTo(3);
    }

    @Test
    void stretch_thatWouldTakeTooLong_isHalved() throws Exception {
        each(pages(), (after, upTo, deadline) -> {
            if (upTo - after > 60_000) {
                throw new Refusal(Refusal.Reason.TOO_COSTLY, "too long");
            }
            return page(after, upTo);
        });

        assertThat(sent).containsExactly(100_000L, 200_000L);
        assertThat(ends).startsWith(50_000L, 100_000L).endsWith(250_000L);
    }

    @Test
    void databaseThatIsAwayForAMoment_isAskedAgain_onceSomethingCame() throws Exception {
        List<Long> failed = new ArrayList<>();
        each(pages(), (after, upTo, deadline) -> {
            if (after > 0 && failed.size() < 3) {
                failed.add(after);
                throw new Refusal(Refusal.Reason.NOT_READY, "an election");
            }
            return page(after, upTo);
        });

        assertThat(failed).hasSize(3);
        assertThat(sent).containsExactly(100_000L, 200_000L);
    }

    @Test
    void databaseThatIsAway_isToldOfAtOnce_andSomeTimesLater() {
        Refusal away = new Refusal(Refusal.Reason.NOT_READY, "away");
        assertThatThrownBy(() -> each(pages(), (after, upTo, deadline) -> {
                    questions++;
                    throw away;
                }))
                .isSameAs(away);
        assertThat(questions).isEqualTo(1);

        questions = 0;
        assertThatThrownBy(() -> each(pages(), (after, upTo, deadline) -> {
                    if (after == 0) {
                        return page(after, upTo);
                    }
                    questions++;
                    throw away;
                }))
                .isSameAs(away);
        assertThat(questions).isBetween(3, 20);
    }

    @Test
    void whoMayNotAnyMore_isSentNoMore() {
        Refusal forbidden = new Refusal(Refusal.Reason.FORBIDDEN, "not any more");
        ReadPages pages = new ReadPages(
                turns,
                memory,
                PATIENCE,
                WHO,
                () -> {
                    if (!sent.isEmpty()) {
                        throw forbidden;
                    }
                },
                Duration.ZERO);

        assertThatThrownBy(() -> each(pages, (after, upTo, deadline) -> page(after, upTo)))
                .isSameAs(forbidden);
        assertThat(sent).containsExactly(100_000L);
    }

    /** Searches take memory while they have a turn: whoever waited for a turn with memory would wait for them for ever. */
    @Test
    void pages_areReadInTurns_andAheadOnlyWhereNobodyElseHasOne() throws Exception {
        Asker other = new Asker("other", "other", true);
        pages().each(
                        "Organization",
                        (after, upTo, deadline) -> {
                            assertThat(turns.running()).isEqualTo(1);
                            return page(after, upTo);
                        },
                        0,
                        250_000,
                        page -> turns.when(
                                other,
                                Deadline.in(PATIENCE),
                                () -> page.stream()
                                        .map(ResourceVersion.Live::position)
                                        .map(sent::add)
                                        .toList()));

        assertThat(sent).containsExactly(100_000L, 200_000L);
        assertThat(turns.running()).isZero();
        assertThat(turns.refusedByTime() + turns.refusedByNumber()).isZero();
    }

    @Test
    void nextPage_isReadWhileOneIsSent() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        pages().each(
                        "Organization",
                        (after, upTo, deadline) -> {
                            if (after == 100_000) {
                                second.countDown();
                            }
                            return page(after, upTo);
                        },
                        0,
                        250_000,
                        page -> assertThat(await(second)).isTrue());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void pageReadAhead_thatNobodyWants_givesItsRoomBack() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        memory.show(meters);
        double free = meters.get("miroir.memory.free").gauge().value();
        assertThatThrownBy(() -> pages().each(
                                "Organization", (after, upTo, deadline) -> page(after, upTo), 0, 250_000, page -> {
                                    throw new IOException("gone");
                                }))
                .hasMessage("gone");
        assertThat(meters.get("miroir.memory.free").gauge().value()).isEqualTo(free);
        assertThat(turns.running()).isZero();
    }
}
