package miroir.sql.copy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import miroir.sql.database.SqlitePlace;
import miroir.sql.testing.TestPostgres;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@link SqlCopyIT} in small. */
@ExtendWith(MongoExtension.class)
class SomeRandomDayIT {
    private final long seed = Long.getLong("miroir.seed", System.nanoTime() % 1_000_000);

    @Test
    void day_inAFile_endsEqual(TestDatabase database, @TempDir Path folder) throws Exception {
        try (RandomDay day =
                new RandomDay(database, folder, new SqlitePlace(folder.resolve("day.sqlite")), seed, () -> {})) {
            day.run(3, 60, 40);
            day.end();
        }
    }

    @Test
    void day_inPostgres_endsEqual(TestDatabase database, @TempDir Path folder) throws Exception {
        assumeTrue(TestPostgres.isInstalled(), "there is no PostgreSQL (Debian: postgresql)");
        TestPostgres postgres = TestPostgres.shared();
        try (RandomDay day =
                new RandomDay(database, folder, postgres.place("some_day"), seed, () -> SqlCopyIT.cut(postgres))) {
            day.run(3, 60, 40);
            day.end();
        }
    }
}
