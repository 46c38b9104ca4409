package miroir.kills;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link RandomMirrorKillsIT} with fifty kills, and {@link FailoverIT} with the lease that is shipped, measured. */
@Tag("soak")
class MirrorKillsIT {
    private static final int KILLS = Integer.getInteger("miroir.mirror.kills", 50);
    private static final int KILLS_PER_ROUND = 10;
    private static final int SIZE = 3_110;
    private static final int QUOTA = 20;
    private static final int PAUSES = 5;

    /** The logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void copy_processesKilledAndStopped_endsEqual() throws Exception {
        long seed = Long.getLong("miroir.seed", 1);
        String figures;
        try (MirrorKillings killings = new MirrorKillings(folder, seed, SIZE, QUOTA)) {
            while (killings.kills() < KILLS) {
                killings.round(Math.min(KILLS_PER_ROUND, KILLS - killings.kills()));
            }
            killings.checkAtTheEnd();
            figures = killings.figures();
        }
        try (TwoDaemons daemons = TwoDaemons.start(folder, Duration.ofSeconds(20), seed)) {
            figures += ", " + daemons.takeOver().figures();
        }
        try (TwoDaemons daemons = TwoDaemons.start(folder, Duration.ofSeconds(3), seed)) {
            for (int i = 0; i < PAUSES; i++) {
                daemons.pauseTheLeader();
            }
            figures += ", \"pauses\": " + PAUSES;
        }
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), "{" + figures + "}");
        }
    }
}
