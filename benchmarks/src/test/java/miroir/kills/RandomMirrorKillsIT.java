package miroir.kills;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Some kills of daemons, servers and the database's primary: the copy ends equal. {@link MirrorKillsIT} has fifty. */
@Tag("long")
class RandomMirrorKillsIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);
    private static final int KILLS = 4;
    private static final int SIZE = 622;
    private static final int QUOTA = 25;

    /** The logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void copy_processesKilledAtRandom_endsEqual() throws Exception {
        try (MirrorKillings killings = new MirrorKillings(folder, SEED, SIZE, QUOTA)) {
            killings.round(KILLS);
            killings.checkAtTheEnd();
        }
    }
}
