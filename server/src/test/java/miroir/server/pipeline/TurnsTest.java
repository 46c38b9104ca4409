package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.server.configuration.LimitsConfiguration;
import miroir.server.configuration.ServerConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
    /** Readers and writers, health and pages: what waits for nobody has to find a thread whatever searches do. */
    @ParameterizedTest
    @CsvSource({"64, 8", "200, 8", "512, 8", "512, 48", "2000, 48"})
    void of_platformThreads_leavesAQuarterOfThem(int threads, int searches) {
        Turns turns = turns("virtualThreads: false, threads: " + threads + ", searches: " + searches);

        assertThat(turns.searches().most() + turns.entries().most()).isLessThanOrEqualTo(threads * 3 / 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void of_fewPlatformThreads_letsSomebodyWait(int threads) {
        assertThat(turns("virtualThreads: false, searches: 8, threads: " + threads)
                        .searches()
                        .most())
                .isGreaterThan(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 48})
    void of_threadsAsShipped_haveRoomForAFewHundred(int searches) {
        assertThat(turns("virtualThreads: false, searches: " + searches)
                        .searches()
                        .most())
                .isGreaterThan(256);
    }

    /** Tomcat and Jetty have 200 threads by themselves, whatever is configured here. */
    @Test
    void of_container_leavesAQuarterOfItsThreads() {
        Turns turns = Turns.of(
                limits("virtualThreads: true, threads: 512, searches: 8").inContainer());

        assertThat(turns.searches().most() + turns.entries().most()).isLessThanOrEqualTo(150);
    }

    private static Turns turns(String limits) {
        return Turns.of(limits(limits));
    }

    private static LimitsConfiguration limits(String limits) {
        return ServerConfiguration.read("test", "limits: {" + limits + "}\n", key -> null)
                .limits();
    }
}
