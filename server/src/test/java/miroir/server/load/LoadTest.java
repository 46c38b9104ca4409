package miroir.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.junit.jupiter.api.Test;

final class LoadTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Route READ = new Route(Interaction.READ, "Device", "d");
    private static final Route SEARCH = new Route(Interaction.SEARCH_TYPE, "Practitioner", "");

    private final Load load = new Load(NOON);
    private Instant now = NOON;

    private void tick(Duration later) {
        now = now.plus(later);
        load.tick(now, 1_000);
    }

    private void tick() {
        tick(Duration.ofSeconds(10));
    }

    private void read(int status) {
        load.add(READ, status, TimeUnit.MILLISECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static long requests(List<LoadSlot> slots) {
        return slots.stream().mapToLong(slot -> slot.tally().all().requests()).sum();
    }

    @Test
    void slot_ofTenSeconds_hasWhatCameInThem() {
        read(200);
        tick();
        read(200);
        read(404);
        load.add(SEARCH, 503, TimeUnit.SECONDS.toNanos(1), -1);
        tick();

        List<LoadSlot> slots = load.slots(LoadRange.TEN_MINUTES);

        assertThat(slots).hasSize(2);
        LoadSlot last = slots.get(1);
        assertThat(last.perSecond(last.tally().all().requests())).isCloseTo(0.3, within(1e-9));
        assertThat(last.tally().all())
                .extracting(Share::clientErrors, Share::serverErrors)
                .containsExactly(1L, 1L);
        assertThat(last.tally().byInteraction().keySet()).containsExactlyInAnyOrder("read", "search-type");
        Share ofDevices = last.tally().byType().getOrDefault("Device", Share.NOTHING);
        assertThat(ofDevices.requests()).isEqualTo(2);
        assertThat(ofDevices.mean()).isCloseTo(2, within(1e-9));
        assertThat(last.tally().database().count()).isEqualTo(2);
        assertThat(last.tally().times().percentile(1)).isCloseTo(1000, within(125.0));
    }

    @Test
    void slot_withoutRequests_takesNoMemory() {
        read(200);
        tick();
        tick();

        assertThat(load.slots(LoadRange.TEN_MINUTES).get(1).tally()).isSameAs(LoadTally.NOTHING);
    }

    @Test
    void ranges_all_countTheSame() {
        for (int i = 0; i < 59; i++) {
            read(200);
            tick();
        }

        for (LoadRange range : LoadRange.values()) {
            assertThat(requests(load.slots(range))).as(range.code()).isEqualTo(59);
        }
        assertThat(load.slots(LoadRange.HOUR)).hasSize(10);
        assertThat(load.slots(LoadRange.DAY)).hasSize(1);
    }

    /** What is kept is bounded, whatever was asked for: eight days of one request every ten seconds. */
    @Test
    void ranges_afterEightDays_haveAsManyPiecesAsAChart() {
        long ticks = Duration.ofDays(8).toSeconds() / 10;
        for (long i = 0; i < ticks; i++) {
            read(200);
            tick();
        }

        for (LoadRange range : LoadRange.values()) {
            List<LoadSlot> slots = load.slots(range);
            assertThat(slots).as(range.code()).hasSizeBetween(range.pieces() - 1, range.pieces());
            long expected = range.length().toSeconds() / 10;
            long piece = range.piece().toSeconds() / 10;
            assertThat(requests(slots)).as(range.code()).isBetween(expected - piece, expected);
        }
    }

    @Test
    void tick_aBitEarlyOrLate_belongsToItsMinute() {
        for (int i = 0; i < 12; i++) {
            read(200);
            tick(Duration.ofMillis(i % 2 == 0 ? 9_990 : 10_010));
        }

        List<LoadSlot> minutes = load.slots(LoadRange.HOUR);

        assertThat(minutes)
                .hasSize(2)
                .allSatisfy(slot -> assertThat(slot.tally().all().requests()).isEqualTo(6));
    }

    @Test
    void pieces_afterAPause_areThoseOfTheRange() {
        read(200);
        tick();
        tick(Duration.ofHours(2));

        assertThat(load.slots(LoadRange.TEN_MINUTES)).isEmpty();
        assertThat(requests(load.slots(LoadRange.DAY))).isEqualTo(1);
    }

    @Test
    void clock_setBack_losesNothing() {
        tick();
        read(200);
        tick(Duration.ofHours(-1));
        tick();

        assertThat(load.slots(LoadRange.TEN_MINUTES).stream()
                        .mapToLong(slot -> slot.tally().all().requests())
                        .sum())
                .isEqualTo(1);
    }

    /** No request is counted twice or not at all, however many come while pieces end. */
    @Test
    void requests_whilePiecesEnd_areEachInOne() throws Exception {
        int threads = 4;
        int each = 20_000;
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < each; j++) {
                    read(j % 10 == 0 ? 500 : 200);
                }
            });
            thread.start();
            all.add(thread);
        }
        for (int i = 0; i < 50; i++) {
            tick();
        }
        for (Thread thread : all) {
            thread.join();
        }
        tick();

        List<LoadSlot> slots = load.slots(LoadRange.TEN_MINUTES);
        assertThat(requests(slots)).isEqualTo((long) threads * each);
        assertThat(slots.stream()
                        .mapToLong(slot -> slot.tally().all().serverErrors())
                        .sum())
                .isEqualTo(threads * each / 10);
        assertThat(slots.stream()
                        .mapToLong(slot -> slot.tally().times().count())
                        .sum())
                .isEqualTo((long) threads * each);
    }
}
