package miroir.server.kills;

import java.nio.file.Path;
import java.util.Map;
import miroir.storage.testing.KilledDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three seeds of kills: nothing that was acknowledged is lost. {@link KillsIT} has a thousand kills. */
@Tag("long")
class RandomKillsIT {
    private static final int SEEDS = 3;
    private static final long FIRST_SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void write_processesKilledAtRandom_losesNothing() throws Exception {
        try (Killings killings = new Killings(folder, KilledDatabase.alone(), Map.of())) {
            for (int i = 0; i < SEEDS; i++) {
                killings.round(FIRST_SEED + i, 1);
            }
            killings.checkTransactions();
            killings.checkRepaired();
        }
    }
}
