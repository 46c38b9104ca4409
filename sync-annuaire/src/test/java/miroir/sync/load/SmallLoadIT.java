package miroir.sync.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link LoadIT} with two thousand resources and little memory, and without a look at how long it takes. */
@Tag("long")
@ExtendWith(MongoExtension.class)
class SmallLoadIT {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);
    private static final int SIZE = 2_000;
    private static final String HEAP = "64m";

    /** What the processes printed stays where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void once_twiceWithLittleMemory_copiesAllAndWritesNothingAgain(TestDatabase database) throws Exception {
        try (Loading loading = new Loading(database, folder, SIZE, HEAP, SEED)) {
            Pass first = loading.run("first");
            assertThat(first.status()).as("seed %d: %s", SEED, first.printed()).isZero();
            Map<String, Long> published = loading.published();
            assertThat(loading.stored()).as("seed %d", SEED).isEqualTo(published);
            assertThat(loading.counted("created")).as("seed %d", SEED).isGreaterThanOrEqualTo(SIZE);

            Pass again = loading.run("again", "--full");

            assertThat(again.status()).as("seed %d: %s", SEED, again.printed()).isZero();
            assertThat(loading.stored()).as("seed %d", SEED).isEqualTo(published);
            assertThat(loading.laterVersions()).as("seed %d", SEED).isZero();
            assertThat(loading.counted("rejected")).as("seed %d", SEED).isZero();
            assertThat(loading.counted("unchanged")).as("seed %d", SEED).isGreaterThanOrEqualTo(SIZE);
        }
    }
}
