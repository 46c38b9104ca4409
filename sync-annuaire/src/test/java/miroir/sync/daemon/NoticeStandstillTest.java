package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

    @Test
    void standsStill_inEnoughLooksTogether_ends() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger whenEnded = new AtomicInteger();
        int some = NoticeStandstill.LOOKS - 1;
        try (NoticeStandstill notice = new NoticeStandstill(AT_ONCE, NEVER, () -> {
            whenEnded.set(looks.get());
            ended.countDown();
        })) {
            notice.start(() -> looks.getAndIncrement() == some ? WELL : STILL);
            assertThat(hasEnded()).isTrue();
        }
        assertThat(whenEnded).as("some, one that goes on, and enough").hasValue(some + 1 + NoticeStandstill.LOOKS);
    }

    /** As where nobody reads what is printed. */
    @Test
    void standsStill_andItCannotBeSaid_ends() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Appender<ILoggingEvent> full = hangingUntil(read);
        Logger log = (Logger) LoggerFactory.getLogger(NoticeStandstill.class);
        log.addAppender(full);
        try (NoticeStandstill notice = new NoticeStandstill(AT_ONCE, NEVER, ended::countDown)) {
            notice.start(() -> STILL);
            assertThat(hasEnded()).isTrue();
        } finally {
            read.countDown();
            log.detachAppender(full);
        }
    }

    private static Appender<ILoggingEvent> hangingUntil(CountDownLatch read) {
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                try {
                    read.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        appender.start();
        return appender;
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
