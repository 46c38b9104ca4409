package miroir.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Rejection;
import miroir.sync.run.TakeIn.Taken;
import org.junit.jupiter.api.Test;

class TakenTest {
    /** A window of the worst upstream would be hundreds of megabytes otherwise. */
    @Test
    void and_moreRejectionsThanARunKeeps_keepsTheFirstOfThem() {
        Taken taken = Taken.NOTHING;
        for (int page = 0; page < 100; page++) {
            int from = page * 200;
            List<Rejection> rejections = IntStream.range(from, from + 200)
                    .mapToObj(i -> Rejection.of("r" + i, "bad", new byte[0]))
                    .toList();
            taken = taken.and(new Taken(Counts.page(1, 0), rejections));
        }

        assertThat(taken.counts().pages()).isEqualTo(100);
        assertThat(taken.rejections())
                .hasSize(Rejection.KEPT)
                .extracting(Rejection::id)
                .startsWith("r0")
                .endsWith("r99");
    }
}
