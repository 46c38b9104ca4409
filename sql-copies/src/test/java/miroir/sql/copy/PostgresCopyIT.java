package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.sql.database.Place;
import miroir.sql.testing.Directory;
import miroir.sql.testing.TestPostgres;
import miroir.storage.testing.MongoExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Copies in PostgreSQL. */
@ExtendWith(MongoExtension.class)
class PostgresCopyIT extends CopyContract {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final String schema = "Copy_" + SCHEMAS.incrementAndGet();

    @BeforeAll
    static void look() {
        assumeTrue(TestPostgres.isInstalled(), "there is no PostgreSQL (Debian: postgresql)");
    }

    @Override
    protected Place place() {
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
        TestPostgres.shared().execute("CREATE ROLE reads_" + schema.toLowerCase(java.util.Locale.ROOT));
        place = TestPostgres.shared().place(schema, "reads_" + schema.toLowerCase(java.util.Locale.ROOT));
        copyAndCheck();
        directory.view("place", Directory.PLACE.replace("\"order\"", "\"town\""));
        copyAndCheck();

        assertThat(rows("SELECT has_table_privilege('reads_" + schema.toLowerCase(java.util.Locale.ROOT)
                        + "', '{}\"Place\"', 'SELECT')"))
                .containsExactly("t");
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
