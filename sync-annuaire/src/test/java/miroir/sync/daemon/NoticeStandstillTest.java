package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is told in each look is given, so nothing here depends on how quick it is. */
final class NoticeStandstillTest {
    private static final Duration AT_ONCE = Duration.ofNanos(1);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final List<String> WELL = List.of();
    private static final List<String> STILL = List.of("it stands still");

    private final CountDownLatch ended = new CountDownLatch(1);

    private boolean hasEnded() throws InterruptedException {
        return ended.await(60, TimeUnit.SECONDS);
    }

    /** In the order in which they are looked at; the last one stays. */
    private static List<String> next(AtomicInteger looks, List<List<String>> told) {
        return told.get(Math.min(looks.getAndIncrement(), told.size() - 1));
    }

    @Test
    void standsStill_inTwoLooksTogether_ends() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger whenEnded = new AtomicInteger();
        try (NoticeStandstill notice = new NoticeStandstill(AT_ONCE, NEVER, () -> {
            whenEnded.set(looks.get());
            ended.countDown();
        })) {
            notice.start(() -> next(looks, List.of(WELL, STILL, WELL, STILL, WELL, WELL, STILL, STILL)));
            assertThat(hasEnded()).isTrue();
        }
        assertThat(whenEnded).as("two looks, and one for what is said").hasValue(9);
    }

    @Test
    void standsStill_onceAndAgain_doesNotEnd() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(100);
        try (NoticeStandstill notice = new NoticeStandstill(AT_ONCE, NEVER, ended::countDown)) {
            notice.start(() -> {
                enough.countDown();
                return looks.getAndIncrement() % 2 == 0 ? STILL : WELL;
            });
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(ended.getCount()).isOne();
        }
    }

    @Test
    void expectEnd_andNothingIsClosed_ends() throws Exception {
        try (NoticeStandstill notice = new NoticeStandstill(NEVER, AT_ONCE, ended::countDown)) {
            notice.start(() -> WELL);
            assertThat(ended.getCount()).isOne();
            notice.expectEnd();
            assertThat(hasEnded()).isTrue();
        }
    }
}
