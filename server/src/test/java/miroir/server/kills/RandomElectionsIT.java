package miroir.server.kills;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One round of kills of two servers, and of who leads the three members of their database, where secondaries answer the reads of one of them. {@link ElectionsIT} has a hundred kills. */
@Tag("long")
class RandomElectionsIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void write_leaderKilledAtRandom_losesNothing() throws Exception {
        try (Killings killings = Killings.ofElections(folder)) {
            killings.round(SEED, 2);
            killings.checkRepaired();
        }
    }
}
