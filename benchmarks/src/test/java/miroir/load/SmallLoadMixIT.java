package miroir.load;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@link LoadMixIT} for some seconds. */
@Tag("long")
@ExtendWith(MongoExtension.class)
class SmallLoadMixIT {
    private static final int CLIENTS = 24;
    private static final int TURNS = 20;

    @TempDir
    Path logs;

    @Test
    void manyClients_andFarTooMany_areServedOrToldSo(TestDatabase database) throws Exception {
        try (LoadMix load = LoadMix.start(database, logs, 1)) {
            AtomicInteger turns = new AtomicInteger();
            load.steady(CLIENTS, () -> turns.incrementAndGet() > TURNS);
            turns.set(0);
            load.overload(CLIENTS, () -> turns.incrementAndGet() > TURNS);
            load.checkAfterwards();
        }
    }
}
