package miroir.sync.days;

import java.nio.file.Files;
import java.nio.file.Path;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link SomeMirrorDaysIT} for sixty days. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
class MirrorDaysIT {
    private static final int DAYS = Integer.getInteger("miroir.mirror.days", 60);
    private static final int SIZE = 1_866;

    @Test
    void days_withFaultsAndEvents_endEqual(TestDatabase database) throws Exception {
        try (MirrorDays days = new MirrorDays(database, Long.getLong("miroir.seed", 1), SIZE)) {
            for (int day = 0; day < DAYS; day++) {
                days.day();
            }
            days.checkVersions();
            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), days.figures());
            }
        }
    }
}
