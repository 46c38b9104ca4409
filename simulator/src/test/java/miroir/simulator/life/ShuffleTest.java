package miroir.simulator.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffleTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 100, 101, 12_600})
    void numberAt_everyPlace_givesEveryNumberOnce(long size) {
        Shuffle shuffle = new Shuffle(size, 7);

        assertThat(LongStream.range(0, size).map(shuffle::numberAt).sorted())
                .containsExactly(LongStream.range(0, size).boxed().toArray(Long[]::new));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 100, 3_310_000})
    void placeOf_numberAtAPlace_isThatPlace(long size) {
        Shuffle shuffle = new Shuffle(size, 8);

        assertThat(LongStream.iterate(0, place -> place < size, place -> place + 1 + size / 1000))
                .allMatch(place -> shuffle.placeOf(shuffle.numberAt(place)) == place);
    }
}
