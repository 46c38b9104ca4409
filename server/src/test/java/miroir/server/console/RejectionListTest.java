package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Rejection;
import miroir.storage.sync.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RejectionListTest {
    private static Run run(String... reasons) {
        List<Rejection> all = IntStream.range(0, reasons.length)
                .mapToObj(i -> new Rejection("r" + i, reasons[i], "{}"))
                .toList();
        return PagesTest.run(rejected(reasons.length), all);
    }

    private static Counts rejected(int count) {
        return new Counts(0, 0, 0, count, 0, 0, 0, 0, 0, 0, count, 0, 0);
    }

    private static List<String> shown(RejectionList list) {
        return list.reasons().stream()
                .map(each -> each.words() + " " + each.count() + " "
                        + each.shown().stream().map(Rejection::id).toList())
                .toList();
    }

    @Test
    void of_severalReasons_hasTheMostFrequentFirst() {
        assertThat(shown(RejectionList.of(run("a", "b", "c", "b"))))
                .containsExactly("b 2 [r1, r3]", "a 1 [r0]", "c 1 [r2]");
    }

    /** How many have a reason is told also where they are on two pages. */
    @Test
    void of_pages_goOnWhereTheOneBeforeEnds() {
        Run run = run("a", "b", "b", "b", "b", "b", "b", "b", "b", "b", "b", "b", "c");
        RejectionList first = RejectionList.of(run, "");
        RejectionList second = RejectionList.of(run, "2");

        assertThat(shown(first)).containsExactly("b 11 [r1, r2, r3, r4, r5, r6, r7, r8, r9, r10]");
        assertThat(shown(second)).containsExactly("b 11 [r11]", "a 1 [r0]", "c 1 [r12]");
        assertThat(first.fragment()).isEqualTo("rejections:run-1");
        assertThat(second.fragment()).isNull();
        assertThat(first.next()).endsWith("?page=2#rejections");
        assertThat(second.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "x", "-1", "99999"})
    void of_aPageThatIsNotThere_isRefused(String page) {
        assertThatThrownBy(() -> RejectionList.of(run("a"), page))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("allowed is 1 to 1");
    }

    /** What is kept of it is megabytes, and can be no other any more. */
    @Test
    void known_whereAllThatIsKeptIsKnown_isCountedAlone() {
        String[] all = new String[Rejection.KEPT];
        Arrays.fill(all, "a");
        AtomicInteger reads = new AtomicInteger();
        KnownRejections known = new KnownRejections(id -> {
            reads.incrementAndGet();
            return run(all);
        });

        known.of(PagesTest.run(rejected(Rejection.KEPT), List.of()));
        RejectionList later = known.of(PagesTest.run(rejected(4_000), List.of()));

        assertThat(reads).hasValue(1);
        assertThat(later.rejected()).isEqualTo(4_000);
        assertThat(later.isCut()).isTrue();
        assertThat(later.reasons()).hasSize(1);
    }

    @Test
    void known_isReadAgain_whereMoreIsCounted() {
        AtomicInteger reads = new AtomicInteger();
        KnownRejections known = new KnownRejections(id -> {
            reads.incrementAndGet();
            return run("a", "a");
        });

        assertThat(known.of(run()).reasons()).isEmpty();
        assertThat(reads).hasValue(0);
        known.of(run("a"));
        known.of(run("a"));
        assertThat(reads).hasValue(1);
        assertThat(shown(known.of(run("a", "a")))).containsExactly("a 2 [r0, r1]");
        assertThat(reads).hasValue(2);
    }
}
