package miroir.server.following;

import java.nio.file.Files;
import java.nio.file.Path;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link SearchAndHistoryFollowingIT} for minutes, with a server that stands still for longer than its lease, and beside it
 * a follower by its own clock, which shows what there is to miss.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class FollowingIT {
    private static final int WRITES = Integer.getInteger("miroir.following.writes", 2_000);

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void follow_forMinutes_missesNothing(TestDatabase database) throws Exception {
        try (Following following = new Following(database, folder, WRITES, Long.getLong("miroir.seed", 1))) {
            following.run(true);
            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), following.figures());
            }
            following.check();
        }
    }
}
