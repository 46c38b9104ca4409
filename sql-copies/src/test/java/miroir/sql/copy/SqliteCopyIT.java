package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import miroir.sql.database.Place;
import miroir.sql.database.SqlitePlace;
import miroir.storage.testing.MongoExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Copies in a file of SQLite. */
@ExtendWith(MongoExtension.class)
class SqliteCopyIT extends CopyContract {
    private Path file() {
        return folder.resolve("sql/directory.sqlite");
    }

    @Override
    protected Place place() {
        return new SqlitePlace(file());
    }

    @Override
    protected Connection reader() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    @Override
    protected String prefix() {
        return "";
    }

    @Test
    void file_isTheOwnersAlone() throws Exception {
        copyAndCheck();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
    }

    /** What an import brings is of before the instant as of which the copy of the empty database is. */
    @Test
    void copy_ofADatabaseThatWasEmpty_isBuiltAnewAfterAnImport() throws Exception {
        copyAndCheck();
        assertThat(rows("SELECT count(*) FROM person")).containsExactly("0");

        directory = directory.imported("p1", "Dupont", Instant.parse("2026-01-01T00:00:00Z"));

        copyAndCheck();
        assertThat(rows("SELECT count(*) FROM person")).containsExactly("1");
    }

    /** A reader that takes his time sees what he began with, and keeps nobody from writing. */
    @Test
    void reader_thatTakesHisTime_doesNotBlock() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        copyAndCheck();
        try (Connection slow = reader();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            assertThat(count(statement)).isEqualTo(1);
            directory.practitioner("p2", "Martin", "");
            copyAndCheck();
            assertThat(count(statement)).isEqualTo(1);
        }
        assertThat(rows("SELECT count(*) FROM person")).containsExactly("2");
    }

    private static int count(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT count(*) FROM person")) {
            found.next();
            return found.getInt(1);
        }
    }

    @Test
    void erased_leavesNothingInTheFile_whileItIsKept() throws Exception {
        directory.practitioner("p1", "Tressecret", "");
        copyAndCheck();
        assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1)).contains("Tressecret");
        directory.erase("Practitioner", "p1");

        try (Copy copy = Objects.requireNonNull(
                Copy.open(place, store(), directory.tables(), Duration.ofDays(30), () -> true))) {
            copy.prepare(false);
            copy.step(store().settled());
            copy.rest();
            assertThat(written(file())).doesNotContain("Tressecret");
            assertThat(written(log())).doesNotContain("Tressecret");
        }
    }

    /** The rows came by the log, which is not shorter by itself once they are in the file. */
    @Test
    void erased_leavesNothingInTheLog_whereItCameWhileTheCopyWasKept() throws Exception {
        copyAndCheck();
        try (Copy copy = Objects.requireNonNull(
                Copy.open(place, store(), directory.tables(), Duration.ofDays(30), () -> true))) {
            copy.prepare(false);
            for (int i = 0; i < 50; i++) {
                directory.practitioner("p" + i, "Tressecret", "");
            }
            takeIn(copy);
            assertThat(written(log())).contains("Tressecret");
            for (int i = 0; i < 50; i++) {
                directory.erase("Practitioner", "p" + i);
            }
            takeIn(copy);
            copy.rest();

            assertThat(written(file())).doesNotContain("Tressecret");
            assertThat(written(log())).doesNotContain("Tressecret");
        }
    }

    private void takeIn(Copy copy) throws SQLException {
        Instant settled = store().settled();
        while (settled.isAfter(copy.asOf())) {
            copy.step(settled);
        }
    }

    private Path log() {
        return Path.of(file() + "-wal");
    }

    private static String written(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
