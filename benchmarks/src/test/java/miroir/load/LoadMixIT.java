package miroir.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** 256 clients for half an hour, and 2,560 for a minute. {@code -Dmiroir.load.minutes=2} is a short one. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
class LoadMixIT {
    private static final int CLIENTS = 256;
    private static final long MINUTES = Long.getLong("miroir.load.minutes", 30);

    /** Of the memory in the second quarter, which the last one may have more. */
    private static final double GROWTH = 1.1;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path logs;

    @Test
    void manyClientsForLong_andFarTooMany_areServedOrToldSo(TestDatabase database) throws Exception {
        try (LoadMix load = LoadMix.start(database, logs, Long.getLong("miroir.seed", 1))) {
            long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
            load.steady(CLIENTS, () -> System.nanoTime() > end);
            long over = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            load.overload(CLIENTS, () -> System.nanoTime() > over);
            load.checkAfterwards();
            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), new Document(load.figures()).toJson());
            }
            assertThat((double) load.memory().get(3))
                    .as("memory by quarters: %s", load.memory())
                    .isLessThan(load.memory().get(1) * GROWTH);
        }
    }
}
