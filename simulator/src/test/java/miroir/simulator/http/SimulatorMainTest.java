package miroir.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorMainTest {
    @Test
    void settings_withoutOptions_areAReasonableDirectoryWithTheRealQuota() {
        SimulatorSettings settings = SimulatorMain.settings(Map.of());

        assertThat(settings.size()).isEqualTo(50_000);
        assertThat(settings.port()).isEqualTo(8090);
        assertThat(settings.quota()).isEqualTo(17);
        assertThat(settings.key()).isNull();
    }

    @Test
    void settings_withOptions_areTheirs() {
        SimulatorSettings settings = SimulatorMain.settings(SimulatorMain.options(
                "--size",
                "300",
                "--port",
                "9",
                "--seed",
                "8",
                "--pace",
                "2.5",
                "--key",
                "k",
                "--quota",
                "0",
                "--clock",
                "2027-01-01T00:00:00Z"));

        assertThat(settings)
                .isEqualTo(SimulatorSettings.standard()
                        .withSize(300)
                        .withPort(9)
                        .withSeed(8)
                        .withPace(2.5)
                        .withKey("k")
                        .withStart(Instant.parse("2027-01-01T00:00:00Z")));
    }

    @Test
    void forwardTo_isWhereTheClockIsPutBeyondItsStart() {
        SimulatorSettings settings = SimulatorSettings.standard();

        assertThat(SimulatorMain.forwardTo(Map.of(), settings)).isEqualTo(settings.start());
        assertThat(SimulatorMain.forwardTo(Map.of("--forward-to", "2027-02-01T00:00:00Z"), settings))
                .isEqualTo(Instant.parse("2027-02-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sise=1", "--size", "--size many", "--pace fast", "--size 0", "--size 99999999"})
    void settings_thatMakeNoSense_areRefusedByName(String arguments) {
        String[] split = arguments.split(" ", -1);

        assertThatThrownBy(() -> SimulatorMain.settings(SimulatorMain.options(split)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(split[0].replace("--", "").replace("=1", ""));
    }
}
