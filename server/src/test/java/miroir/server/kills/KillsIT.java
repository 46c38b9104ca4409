package miroir.server.kills;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import miroir.storage.testing.KilledDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link RandomKillsIT} at full size: a thousand kills. */
@Tag("soak")
class KillsIT {
    private static final int KILLS = 1_000;
    private static final int KILLS_PER_ROUND = 25;

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void write_aThousandKills_losesNothing() throws Exception {
        long seed = Long.getLong("miroir.seed", 1);
        try (Killings killings = new Killings(folder, KilledDatabase.alone(), Map.of())) {
            for (int round = 0; killings.kills() < KILLS; round++) {
                killings.round(seed + round, KILLS_PER_ROUND);
            }
            killings.checkTransactions();
            killings.checkRepaired();
            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), killings.figures());
            }
        }
    }
}
