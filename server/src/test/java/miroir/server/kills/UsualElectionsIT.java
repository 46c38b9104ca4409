package miroir.server.kills;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link ElectionsIT} with the ten seconds that MongoDB lets pass by itself before it elects, which a server is longer without a database than it waits for one. */
@Tag("soak")
class UsualElectionsIT {
    private static final int KILLS = Integer.getInteger("miroir.elections.kills", 20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void write_twentyKills_losesNothing() throws Exception {
        try (Killings killings = Killings.ofUsualElections(folder)) {
            ElectionsIT.prove(killings, KILLS);
        }
    }
}
