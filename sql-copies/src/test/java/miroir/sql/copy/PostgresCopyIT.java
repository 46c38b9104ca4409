package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.sql.database.Place;
import miroir.sql.testing.Directory;
import miroir.sql.testing.TestPostgres;
import miroir.storage.testing.MongoExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Copies in PostgreSQL. */
@ExtendWith(MongoExtension.class)
class PostgresCopyIT extends CopyContract {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final String schema = "Copy_" + SCHEMAS.incrementAndGet();

    /** Each test says so where there is none, so that they are counted. */
    @Override
    protected Place place() {
        assumeTrue(TestPostgres.isInstalled(), "there is no PostgreSQL (Debian: postgresql)");
        return TestPostgres.shared().place(schema);
    }

    @Override
    protected Connection reader() throws SQLException {
        return TestPostgres.shared().connect();
    }

    @Override
    protected String prefix() {
        return "\"" + schema + "\".";
    }

    @Test
    void tables_sayWhatTheyAre() throws Exception {
        copyAndCheck();

        assertThat(rows("SELECT obj_description('{}person'::regclass)")).containsExactly("It's one \\ row for each");
        assertThat(rows("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = '" + schema
                        + "' AND table_name = 'person' ORDER BY ordinal_position"))
                .containsExactly(
                        "_resource_id|text",
                        "key|text",
                        "family|text",
                        "given|jsonb",
                        "active|boolean",
                        "born|text",
                        "updated|timestamp with time zone",
                        "weight|numeric",
                        "resource|jsonb");
    }

    @Test
    void readers_mayRead_alsoWhatWasBuiltAnew() throws Exception {
        TestPostgres.shared().execute("CREATE ROLE reads_" + schema.toLowerCase(Locale.ROOT));
        place = TestPostgres.shared().place(schema, "reads_" + schema.toLowerCase(Locale.ROOT));
        copyAndCheck();
        directory.view("place", Directory.PLACE.replace("\"order\"", "\"town\""));
        copyAndCheck();

        assertThat(rows("SELECT has_table_privilege('reads_" + schema.toLowerCase(Locale.ROOT)
                        + "', '{}\"Place\"', 'SELECT')"))
                .containsExactly("t");
    }

    @Test
    void readers_thatComeLater_mayReadAll_andThoseThatGoNothing() throws Exception {
        String role = "later_" + schema.toLowerCase(Locale.ROOT);
        TestPostgres.shared().execute("CREATE ROLE " + role);
        copyAndCheck();
        place = TestPostgres.shared().place(schema, role);
        copyAndCheck();
        String ask = "SELECT has_table_privilege('" + role + "', '{}person', 'SELECT'), has_table_privilege('" + role
                + "', '{}miroir_copy', 'SELECT'), has_schema_privilege('" + role + "', '" + schema + "', 'USAGE')";
        assertThat(rows(ask)).containsExactly("t|t|t");
        place = TestPostgres.shared().place(schema);
        copyAndCheck();
        assertThat(rows(ask)).containsExactly("f|f|f");
    }

    /** Somebody who leaves a transaction open keeps a table from being replaced, and nobody else from reading it. */
    @Test
    void reader_thatDoesNotEnd_keepsNobodyElseFromReading() throws Exception {
        directory.put("Organization", "o1", "\"active\": true, \"name\": \"Hôpital\"");
        copyAndCheck();
        KeepCopy copy;
        try (Connection slow = reader();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("SELECT * FROM " + prefix() + "\"Place\"");
            directory.view("place", Directory.PLACE.replace("\"order\"", "\"town\""));
            copy = run();
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            rows("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
                                    .equals(List.of("1")));
            assertThat(rows("SELECT \"Name\" FROM {}\"Place\"")).containsExactly("Hôpital");
        }
        awaitPresent(copy);
        assertThat(rows("SELECT town FROM {}\"Place\"")).hasSize(1);
    }

    @Test
    void error_ofAValue_hasNotTheValue() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        copyAndCheck();
        execute("ALTER TABLE {}person ADD CONSTRAINT mine CHECK (family <> 'Tressecret')");
        directory.practitioner("p2", "Tressecret", "");

        assertThatThrownBy(() -> copy().once(false)).isInstanceOf(SQLException.class);
        assertThat(rows("SELECT DISTINCT error FROM {}miroir_copy").get(0))
                .contains("23514")
                .doesNotContain("Tressecret");
    }

    @Test
    void view_ofSomebody_onATableWhoseColumnsChange_isNotRemoved() throws Exception {
        copyAndCheck();
        TestPostgres.shared().execute("CREATE VIEW " + prefix() + "mine AS SELECT * FROM " + prefix() + "\"Place\"");
        directory.view("place", Directory.PLACE.replace("\"order\"", "\"town\""));

        assertThatThrownBy(() -> copy().once(false))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("something that others made depends on it")
                .hasMessageContaining("mine");
        TestPostgres.shared().execute("DROP VIEW " + prefix() + "mine");
        copyAndCheck();
    }

    /** The lock and the transaction that was under way go with the connection. */
    @Test
    void connection_thatIsCut_isMadeAgain() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        KeepCopy copy = run();
        awaitPresent(copy);
        for (int i = 0; i < 5; i++) {
            directory.practitioner("p" + i, "Nom" + i, "");
            TestPostgres.shared()
                    .execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'miroir'");
        }
        awaitPresent(copy);
        assertEqual();
        await().atMost(Duration.ofSeconds(30)).until(() -> copy.failure() == null);
    }

    @Test
    void database_thatIsKilled_isWaitedFor() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        KeepCopy copy = run();
        awaitPresent(copy);
        TestPostgres.shared().kill();
        directory.practitioner("p2", "Martin", "");
        await().atMost(Duration.ofSeconds(30)).until(() -> copy.failure() != null);
        assertThat(copy.failure()).doesNotContain(TestPostgres.PASSWORD);
        TestPostgres.shared().resume();
        awaitPresent(copy);
        assertThat(rows("SELECT family FROM {}person ORDER BY 1")).containsExactly("Dupont", "Martin");
    }
}
