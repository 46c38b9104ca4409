package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import miroir.sql.database.Place;
import miroir.sql.database.SqlitePlace;
import miroir.sql.testing.TestPostgres;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Days of changes in both databases, at full size. */
@Tag("soak")
@ExtendWith(MongoExtension.class)
class SqlCopyIT {
    private static final int ROUNDS = Integer.getInteger("miroir.sql.rounds", 25);
    private static final int WRITES = 600;
    private static final int RESOURCES = 800;

    @Test
    void days_inBothDatabases_endEqual(TestDatabase database, @TempDir Path folder) throws Exception {
        assertThat(TestPostgres.isInstalled())
                .as("PostgreSQL is here (Debian: postgresql)")
                .isTrue();
        long seed = Long.getLong("miroir.seed", 1);
        List<String> figures = new ArrayList<>();
        figures.add("\"file\": "
                + day(database, folder.resolve("a"), new SqlitePlace(folder.resolve("day.sqlite")), seed, () -> {}));
        TestPostgres postgres = TestPostgres.shared();
        figures.add("\"postgres\": "
                + day(database, folder.resolve("b"), postgres.place("day"), seed, () -> disturb(postgres)));
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), "{" + String.join(", ", figures) + "}");
        }
    }

    private static String day(
            TestDatabase database, Path folder, Place place, long seed, RandomDay.Disturbance disturbance)
            throws Exception {
        try (RandomDay day = new RandomDay(database, Files.createDirectories(folder), place, seed, disturbance)) {
            day.run(ROUNDS, WRITES, RESOURCES);
            day.end();
            return day.figures();
        }
    }

    /** Now and then the whole server is killed, but most often a connection. */
    private static void disturb(TestPostgres postgres) throws SQLException {
        if (System.nanoTime() % 20 == 0) {
            postgres.restart();
        } else {
            cut(postgres);
        }
    }

    /** Cuts whoever keeps the copy off, whatever he is at. */
    static void cut(TestPostgres postgres) throws SQLException {
        postgres.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'miroir' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
    }
}
