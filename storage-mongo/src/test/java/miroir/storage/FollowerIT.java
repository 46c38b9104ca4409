package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At the port of the store, with leases that are short enough to expire within the test. */
@Tag("long")
@ExtendWith(MongoExtension.class)
final class FollowerIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final int WRITES = 80;

    @Test
    void settled_sixteenWritersInTwoProcesses_followerMissesNothing(TestDatabase database) throws Exception {
        Following following = new Following(database, WRITES, SEED);
        Following.Missed missed = following.run();

        assertThat(missed.versions()).as("missed, seed %d", SEED).isEmpty();
        assertThat(missed.ids()).isGreaterThan(16 * WRITES / 2);
    }
}
