package miroir.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@link FuzzIT}, small, without sockets. */
final class FuzzTest {
    private static final int INPUTS = 500;

    @Test
    void readers_ofSpoiledInput_takeOrRefuseIt() {
        Fuzzing fuzzing = new Fuzzing(Long.getLong("miroir.test.seed", 20_261_128L), Readers.all());

        fuzzing.run(INPUTS);

        assertThat(fuzzing.faults()).isEmpty();
        assertThat(fuzzing.untried()).isEmpty();
    }
}
