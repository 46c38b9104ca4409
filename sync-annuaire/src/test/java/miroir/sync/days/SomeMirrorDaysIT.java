package miroir.sync.days;

import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first load, a day with a delta, and one after too long a time. {@link MirrorDaysIT} has sixty days. */
@ExtendWith(MongoExtension.class)
class SomeMirrorDaysIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);
    private static final int DAYS = 3;
    private static final int SIZE = 622;

    @Test
    void days_withFaultsAndEvents_endEqual(TestDatabase database) {
        try (MirrorDays days = new MirrorDays(database, SEED, SIZE)) {
            for (int day = 0; day < DAYS; day++) {
                days.day();
            }
            days.checkVersions();
        }
    }
}
