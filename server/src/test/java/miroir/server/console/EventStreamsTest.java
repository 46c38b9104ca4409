package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.server.access.AdministratorRole;
import miroir.server.pages.Language;
import miroir.server.pipeline.Looking;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventStreamsTest {
    private final AtomicInteger number = new AtomicInteger();
    private final EventStreams streams = new EventStreams(
            new Fragments().with("home", AdministratorRole.NOBODY, this::state, "homeNow", "state"), 3);

    private HomeState state() {
        return HomeState.starting("waits for " + number);
    }

    private void open(Listener listener) throws IOException {
        View view = View.of(
                Looking.as(AdministratorRole.VIEWER), Language.EN, FragmentsTest.SITE, "/admin/synchronisations");
        streams.open(view, List.of("home"), listener.request(), listener.response());
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    /** What changes while somebody looks is found by the clock alone. */
    @Test
    void clock_restsWhenAllHaveGone_andGoesOnForTheNext() throws Exception {
        assertThat(streams.isAtRest()).isTrue();
        for (int i = 0; i < 2; i++) {
            Listener listener = new Listener(false);
            open(listener);
            await().until(() -> listener.told().contains("waits for " + number));
            number.incrementAndGet();
            await().until(() -> listener.told().contains("waits for " + number));
            assertThat(streams.isAtRest()).isFalse();
            listener.leave();
            await().until(streams::isAtRest);
            assertThat(streams.size()).isZero();
        }
    }

    @Test
    void open_ofABrowserThatHasGone_takesNoPlace() throws Exception {
        Listener gone = new Listener(true);

        assertThatThrownBy(() -> open(gone)).isInstanceOf(IllegalStateException.class);

        await().until(() -> streams.size() == 0 && streams.isAtRest());
        assertThat(streams.isLookedAt("home")).isFalse();
        assertThat(gone.isOver()).isTrue();
    }
}
