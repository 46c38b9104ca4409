package miroir.sync.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import miroir.sync.run.MadeProgress;
import miroir.sync.run.Progress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private static final Progress HALF = MadeProgress.of("annuaire/Device", 1_000, 2_000);
    private static final String UP_AND_CLEAR = "\u001b[1F\u001b[J";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String shownFor(boolean terminal, int times) {
        PrintStream to = new PrintStream(out, true, UTF_8);
        try (ProgressLines lines = new ProgressLines(() -> List.of(HALF), to, terminal, Duration.ofMillis(1)).start()) {
            Awaitility.await().until(() -> out.toString(UTF_8).split("\n", -1).length > times);
            assertThat(lines).isNotNull();
        }
        return out.toString(UTF_8);
    }

    @Test
    void line_ofARun_saysHowFarHowFastAndHowLong() {
        assertThat(ProgressLines.line(HALF, false))
                .isEqualTo("annuaire/Device                   50 % of 2,000, 100/s, reading again, 10 s left");
        assertThat(ProgressLines.line(HALF, true)).contains("[############............]  50 % of 2,000");
        assertThat(ProgressLines.line(MadeProgress.of("a/B", 10, 36_910), false))
                .endsWith("0 % of 36,910, 1/s, reading again, 10 h 15 min left");
        assertThat(ProgressLines.line(MadeProgress.of("a/B", 0, 0), true))
                .as("nothing is known yet")
                .endsWith("]   0 % of 0, 0/s, reading again");
    }

    @Test
    void every_bySecondForPeopleAndByMinuteForFiles() {
        assertThat(ProgressLines.every(true)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ProgressLines.every(false)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void start_onATerminal_drawsTheSameLineAnew() {
        assertThat(shownFor(true, 3))
                .startsWith("\u001b[?7lannuaire/Device")
                .contains("\u001b[?7h\n" + UP_AND_CLEAR + "\u001b[?7lannuaire/Device");
    }

    @Test
    void start_intoAFile_addsLines() {
        assertThat(shownFor(false, 3)).doesNotContain("\u001b").startsWith("annuaire/Device  ");
    }
}
