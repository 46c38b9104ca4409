package miroir.sync.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Window;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SplitWindowTest {
    private static final Instant FROM = Instant.parse("2026-08-01T00:00:00Z");
    private static final Window MONTH = new Window(FROM, FROM.plus(Duration.ofDays(30)));

    @Test
    void split_fewResources_isOnePieceAndOneCount() {
        AtomicInteger counts = new AtomicInteger();

        List<Piece> pieces = SplitWindow.split(
                MONTH,
                window -> {
                    counts.incrementAndGet();
                    return 20_000;
                },
                20_000);

        assertThat(pieces).containsExactly(new Piece(MONTH, 20_000));
        assertThat(counts).hasValue(1);
    }

    @Test
    void split_nothing_isNoPiece() {
        assertThat(SplitWindow.split(MONTH, window -> 0, 20_000)).isEmpty();
    }

    @Test
    void split_massBumpInOneMillisecond_keepsItInOnePiece() {
        Instant bump = FROM.plusMillis(123_456_789);

        List<Piece> pieces = SplitWindow.split(MONTH, window -> window.contains(bump) ? 98_176 : 0, 20_000);

        assertThat(pieces).containsExactly(new Piece(new Window(bump, bump.plusMillis(1)), 98_176));
    }

    @Test
    void split_allOfTime_ends() {
        Window always = new Window(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59.999Z"));

        assertThat(SplitWindow.split(always, window -> window.contains(FROM) ? 2 : 0, 1))
                .hasSize(1);
    }

    @Test
    void split_mostOfNone_isRefused() {
        assertThatThrownBy(() -> SplitWindow.split(MONTH, window -> 0, 0)).hasMessageContaining("most is 0");
    }

    @Test
    void split_halvesThatAddUpTheSecondTime_areTaken() {
        AtomicInteger counts = new AtomicInteger();

        List<Piece> pieces = SplitWindow.split(
                MONTH,
                window -> counts.incrementAndGet() == 1 ? 31_000 : window.equals(MONTH) ? 60_000 : 30_000,
                30_000);

        assertThat(pieces).hasSize(2);
    }

    @Test
    void split_upstreamThatIgnoresWindows_isRefusedAtTheFirstCut() {
        AtomicInteger counts = new AtomicInteger();

        assertThatThrownBy(() -> SplitWindow.split(
                        MONTH,
                        window -> {
                            counts.incrementAndGet();
                            return 30_000;
                        },
                        20_000))
                .isInstanceOf(UnevenCounts.class)
                .hasMessageContaining("30000 and 30000");
        assertThat(counts).as("twice: things change").hasValue(6);
    }

    @Test
    void requireAll_resourcesInNoWindowOrInSeveral_areRefused() {
        List<Piece> pieces = List.of(new Piece(MONTH, 60_000), new Piece(MONTH, 40_000));

        SplitWindow.requireAll(pieces, 100_000);
        SplitWindow.requireAll(pieces, 100_090);
        SplitWindow.requireAll(List.of(), 0);
        assertThatThrownBy(() -> SplitWindow.requireAll(pieces, 100_200))
                .isInstanceOf(UnevenCounts.class)
                .hasMessageContaining("100200");
        assertThatThrownBy(() -> SplitWindow.requireAll(pieces, 50_000)).isInstanceOf(UnevenCounts.class);
    }

    @Test
    void split_seconds_areHalvedOnlyWhereOneHoldsTooMuch() {
        List<Piece> pieces = SplitWindow.split(
                MONTH,
                window -> window.contains(FROM) ? 5_000 : window.contains(FROM.plusSeconds(9)) ? 4_000 : 0,
                6_000);

        assertThat(pieces).allMatch(piece -> !piece.window().query().contains("."));
    }

    @RepeatedTest(50)
    void split_anyStamps_areInExactlyOnePieceEach() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Instant> stamps = stamps(random);
        long most = 1L + random.nextInt(200);
        AtomicInteger counts = new AtomicInteger();

        List<Piece> pieces = SplitWindow.split(
                MONTH,
                window -> {
                    counts.incrementAndGet();
                    return stamps.stream().filter(window::contains).count();
                },
                most);

        assertThat(stamps)
                .as("seed %d", seed)
                .allMatch(stamp -> pieces.stream()
                                .filter(piece -> piece.window().contains(stamp))
                                .count()
                        == 1);
        assertThat(pieces)
                .as("seed %d", seed)
                .allMatch(piece -> piece.count() <= most || piece.window().isNarrowest());
        assertThat(pieces.stream().mapToLong(Piece::count).sum())
                .as("seed %d", seed)
                .isEqualTo(stamps.size());
        assertThat(pieces).as("seed %d", seed).allMatch(piece -> piece.count() > 0);
        for (int i = 1; i < pieces.size(); i++) {
            assertThat(pieces.get(i - 1).window().to())
                    .as("seed %d", seed)
                    .isBeforeOrEqualTo(pieces.get(i).window().from());
        }
        assertThat(counts.get()).as("seed %d", seed).isLessThanOrEqualTo(1 + 80 * Math.max(1, pieces.size()));
    }

    /** Even ones and clusters, as loads make them; some exactly at the window's ends. */
    private static List<Instant> stamps(Random random) {
        Instant load = FROM.plusMillis(random.nextInt(Integer.MAX_VALUE));
        Stream<Instant> even = Stream.generate(() -> FROM.plusMillis(random.nextInt(Integer.MAX_VALUE)))
                .limit(random.nextInt(500));
        Stream<Instant> clustered =
                Stream.generate(() -> load.plusMillis(random.nextInt(5000))).limit(random.nextInt(500));
        Stream<Instant> ends = Stream.of(FROM, MONTH.to().minusMillis(1));
        return Stream.of(even, clustered, ends).flatMap(stamps -> stamps).toList();
    }
}
