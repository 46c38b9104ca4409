package miroir.sync.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DistinctIdsTest {
    @Test
    void count_repeatedIds_countsEachOnce() {
        DistinctIds ids = new DistinctIds();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 50_000; i++) {
                ids.add("003-" + i + "-" + i * 7);
            }
        }

        assertThat(ids.added()).isEqualTo(150_000);
        assertThat(ids.count()).isEqualTo(50_000);
        assertThat(new DistinctIds().count()).isZero();
    }
}
