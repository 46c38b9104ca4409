package miroir.server.following;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What followers over HTTP know in the end is what there is. {@link FollowingIT} is the same for minutes. */
@Tag("long")
@ExtendWith(MongoExtension.class)
final class SearchAndHistoryFollowingIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);
    private static final int WRITES = 60;

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void follow_sixteenWritersOnTwoServers_missesNothing(TestDatabase database) throws Exception {
        try (Following following = new Following(database, folder, WRITES, SEED)) {
            following.run(false);
            following.check();

            assertThat(following.acknowledged()).as("seed %d", SEED).isGreaterThan(WRITES);
        }
    }
}
