package miroir.server.kills;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link RandomElectionsIT} at full size: a hundred kills, and how long nobody could write after those of a leader. */
@Tag("soak")
class ElectionsIT {
    private static final int KILLS = Integer.getInteger("miroir.elections.kills", 100);
    private static final int KILLS_PER_ROUND = 20;

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void write_aHundredKills_losesNothing() throws Exception {
        try (Killings killings = Killings.ofElections(folder)) {
            prove(killings, KILLS);
        }
    }

    static void prove(Killings killings, int kills) throws Exception {
        long seed = Long.getLong("miroir.seed", 1);
        for (int round = 0; killings.kills() < kills; round++) {
            killings.round(seed + round, Math.min(KILLS_PER_ROUND, kills));
        }
        killings.checkTransactions();
        killings.checkRepaired();
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), killings.figures());
        }
    }
}
