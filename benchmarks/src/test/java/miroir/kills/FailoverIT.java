package miroir.kills;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two daemon processes, of which one leads until it stands still for longer than its lease. That leaders are killed is tried in {@link RandomMirrorKillsIT}, and that nothing is written twice then in {@link MirrorKillsIT}. */
@Tag("long")
class FailoverIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);

    /** The logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private TwoDaemons daemons;

    @BeforeEach
    void start() throws Exception {
        daemons = TwoDaemons.start(folder, Duration.ofSeconds(3), SEED);
    }

    @AfterEach
    void close() {
        daemons.close();
    }

    @Test
    void pause_leaderForLongerThanItsLease_writesNothingWhenItWakes() throws Exception {
        daemons.pauseTheLeader();
    }
}
