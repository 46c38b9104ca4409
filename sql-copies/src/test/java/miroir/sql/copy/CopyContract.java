package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sql.database.Ledger;
import miroir.sql.database.Place;
import miroir.sql.database.TableState;
import miroir.sql.database.Target;
import miroir.sql.testing.Directory;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every database of a copy passes. */
abstract class CopyContract {
    private static final Duration LONG = Duration.ofDays(30);

    /** One cell for what may be several. */
    private static final String ONE_GIVEN =
            Directory.GIVEN.replace("name.given", "name").replace("$this", "given");

    @TempDir
    protected Path folder;

    private final List<KeepCopy> running = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    protected Directory directory;
    protected Place place;

    /** A new one, for each test. */
    protected abstract Place place() throws Exception;

    /** A connection of somebody who reads, and what stands before names of tables. */
    protected abstract Connection reader() throws SQLException;

    protected abstract String prefix();

    @BeforeEach
    void open(TestDatabase database) throws Exception {
        directory = Directory.open(database, folder);
        place = place();
    }

    @AfterEach
    void close() throws Exception {
        running.forEach(KeepCopy::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        directory.close();
    }

    protected StoreReader store() {
        return new StoreReader(directory.store(), 5);
    }

    protected KeepCopy copy() throws Exception {
        return copy(LONG);
    }

    private KeepCopy copy(Duration rebuildAfter) throws Exception {
        return new KeepCopy("test", place, store(), directory::tables, rebuildAfter, Duration.ofMillis(20));
    }

    protected KeepCopy run() throws Exception {
        KeepCopy copy = copy();
        Thread thread = new Thread(copy::run, "copy");
        running.add(copy);
        threads.add(thread);
        thread.start();
        return copy;
    }

    /** Brings it to the present, and compares it. */
    protected void copyAndCheck() throws Exception {
        assertThat(copy().once(false)).isTrue();
        assertEqual();
    }

    protected void assertEqual() throws Exception {
        CheckCopy.Report report = check();
        assertThat(report.named()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    protected CheckCopy.Report check() throws Exception {
        return new CheckCopy(place, store(), directory.tables(), () -> true).run();
    }

    protected void awaitPresent(KeepCopy copy) {
        Instant now = store().settled();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Instant asOf = copy.asOf();
            return asOf != null
                    && (!asOf.isBefore(now) || store().isUnchangedSince(Set.of("Practitioner", "Organization"), asOf));
        });
    }

    protected List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = reader();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql.replace("{}", prefix()))) {
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }

    protected void execute(String sql) throws SQLException {
        try (Connection connection = reader();
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("{}", prefix()));
        }
    }

    private Map<String, TableState> states() throws SQLException {
        try (Target target = place.openToRead()) {
            return new Ledger(target).all();
        }
    }

    private TableState state(String table) throws SQLException {
        return Objects.requireNonNull(states().get(table), table);
    }

    @Test
    void once_ofWhatIsThere_hasItAsRows() throws Exception {
        directory.practitioner("p1", "Dupont", ", \"given\": [\"Léa\", \"Ève\"]");
        directory.put("Practitioner", "p2", "\"active\": true, \"birthDate\": \"1970\"");
        directory.put(
                "Organization", "o1", "\"active\": true, \"name\": \"Hôpital\", \"address\": [{\"city\": \"Lyon\"}]");
        directory.put("Organization", "o2", "\"active\": false, \"name\": \"Fermé\"");

        copyAndCheck();

        assertThat(rows("SELECT _resource_id, \"key\", family, active, born FROM {}person ORDER BY 1"))
                .hasSize(2)
                .first()
                .isEqualTo("p1|Practitioner/p1|Dupont|null|null");
        assertThat(rows("SELECT given, place FROM {}given ORDER BY place")).containsExactly("Léa|0", "Ève|1");
        assertThat(rows("SELECT \"Name\", \"order\" FROM {}\"Place\"")).containsExactly("Hôpital|Lyon");
        assertThat(rows("SELECT view_table, row_count FROM {}miroir_copy ORDER BY lower(view_table)"))
                .containsExactly("given|2", "person|2", "Place|1");
    }

    @Test
    void once_again_takesInWhatChanged() throws Exception {
        directory.practitioner("changed", "Avant", "");
        directory.practitioner("deleted", "Parti", "");
        directory.practitioner("back", "Revenu", "");
        directory.practitioner("erased", "Secret", "");
        directory.delete("Practitioner", "back");
        copyAndCheck();

        directory.practitioner("changed", "Pendant", "");
        directory.practitioner("changed", "Après", "");
        directory.delete("Practitioner", "deleted");
        directory.practitioner("back", "Revenu", ", \"given\": [\"A\"]");
        directory.erase("Practitioner", "erased");
        directory.practitioner("new", "Nouveau", "");
        copyAndCheck();

        assertThat(rows("SELECT _resource_id, family FROM {}person ORDER BY 1"))
                .containsExactly("back|Revenu", "changed|Après", "new|Nouveau");
        assertThat(state("person").rows()).isEqualTo(3);
    }

    @Test
    void cells_withEverythingThatTextCanHave_comeOutAsTheyWentIn() throws Exception {
        String all = "tab\\t, line\\n\\r, \\\\N \\\\t, 'quotes' \\\"two\\\", \\u0001, \\u2028, é, 🩺, $1";
        directory.put(
                "Practitioner",
                "p",
                "\"name\": [{\"family\": \"" + all + "\", \"given\": [\"" + all + "\", \"\\\\\\\\u0000\"]}],"
                        + " \"extension\": [{\"url\": \"urn:weight\", \"valueDecimal\": {\"$numberDecimal\": \"12.50\"}}]");
        copyAndCheck();

        assertThat(rows("SELECT family FROM {}person"))
                .containsExactly("tab\t, line\n\r, \\N \\t, 'quotes' \"two\", \u0001, \u2028, é, 🩺, $1");
        assertThat(rows("SELECT weight > 12.4 AND weight < 12.6 FROM {}person").get(0))
                .isIn("t", "1");
    }

    @Test
    void nul_inTextAndJson_isShownAsWhatCannotBeShown() throws Exception {
        directory.put(
                "Practitioner",
                "p",
                "\"name\": [{\"family\": \"a\\u0000b\", \"given\": [\"c\\u0000\", \"\\\\u0000\"]}]");
        copyAndCheck();

        assertThat(rows("SELECT family FROM {}person")).containsExactly("a\uFFFDb");
        assertThat(rows("SELECT given FROM {}given ORDER BY place")).containsExactly("c\uFFFD", "\\u0000");
    }

    @Test
    void commits_ofMoreThanABatch_comeInOneInstantAfterAnother() throws Exception {
        directory.practitioner("p0", "Zéro", "");
        assertThat(copy().once(false)).isTrue();
        for (int i = 0; i < 23; i++) {
            directory.practitioner("p" + i % 7, "Nom" + i, "");
        }
        try (Copy copy = Objects.requireNonNull(Copy.open(place, store(), directory.tables(), LONG, () -> true))) {
            copy.prepare(false);
            Instant settled = store().settled();
            int steps = 0;
            while (settled.isAfter(copy.asOf())) {
                copy.step(settled);
                steps++;
                assertEqual();
            }
            assertThat(steps).isGreaterThan(3);
        }
    }

    @Test
    void view_thatChanges_isBuiltAnewAsOfTheInstantOfTheOthers() throws Exception {
        directory.practitioner("p1", "Dupont", ", \"given\": [\"Léa\"]");
        copyAndCheck();
        TableState before = state("person");
        directory.practitioner("p2", "Martin", "");
        directory.view("given", Directory.GIVEN.replace("\"forEach\": \"name.given\"", "\"forEach\": \"name.family\""));
        directory.view("place", Directory.PLACE.replace("\"order\"", "\"town\""));

        assertThat(check().named()).anyMatch(each -> each.contains("given is of the view as it was before"));
        copyAndCheck();

        assertThat(rows("SELECT given FROM {}given ORDER BY given")).containsExactly("Dupont", "Martin");
        assertThat(state("person").built()).isEqualTo(before.built());
        assertThat(state("given").built()).isAfter(before.built());
        assertThat(rows("SELECT town FROM {}\"Place\"")).isEmpty();
    }

    @Test
    void view_addedOrRemoved_comesAndGoes() throws Exception {
        directory.practitioner("p1", "Dupont", ", \"given\": [\"Léa\"]");
        directory.removeView("given");
        copyAndCheck();
        directory.view("given", Directory.GIVEN);
        directory.removeView("place");
        copyAndCheck();

        assertThat(rows("SELECT given FROM {}given")).containsExactly("Léa");
        assertThat(states().keySet()).containsExactlyInAnyOrder("given", "person");
        assertThatThrownBy(() -> rows("SELECT 1 FROM {}\"Place\"")).isInstanceOf(SQLException.class);
    }

    /** Rows take the place of rows, so what somebody built on the table is still there. */
    @Test
    void view_ofSomebodyOnATable_outlivesThatItIsBuiltAnew() throws Exception {
        directory.practitioner("p1", "Dupont", ", \"given\": [\"Léa\"]");
        copyAndCheck();
        execute("CREATE VIEW {}mine AS SELECT given FROM {}given");
        directory.view("given", Directory.GIVEN.replace("\"forEach\": \"name.given\"", "\"forEach\": \"name.family\""));
        copyAndCheck();

        assertThat(rows("SELECT given FROM {}mine")).containsExactly("Dupont");
    }

    @Test
    void view_thatCannotBeMadeOfAResource_stopsTheCopyWhereItIs_untilItCan() throws Exception {
        directory.view("given", Directory.GIVEN.replace("name.given", "name").replace("$this", "given"));
        directory.practitioner("p1", "Dupont", ", \"given\": [\"A\"]");
        copyAndCheck();
        directory.practitioner("p2", "Martin", ", \"given\": [\"A\", \"B\"]");
        KeepCopy copy = run();

        await().atMost(Duration.ofSeconds(30)).until(() -> copy.failure() != null);
        assertThat(copy.failure()).contains("Practitioner/p2", "several values");
        await().until(() -> state("person").error() != null);
        assertThat(rows("SELECT _resource_id FROM {}person")).containsExactly("p1");

        directory.practitioner("p2", "Martin", ", \"given\": [\"B\"]");
        awaitPresent(copy);
        assertEqual();
    }

    /** Of the resource only a version many batches later can be shown. */
    @Test
    void view_thatCannotBeMadeOfAResource_goesOn_howeverLateItIsCorrected() throws Exception {
        directory.view("given", ONE_GIVEN);
        directory.practitioner("p1", "Dupont", ", \"given\": [\"A\"]");
        copyAndCheck();
        directory.practitioner("p2", "Martin", ", \"given\": [\"A\", \"B\"]");
        for (int i = 0; i < 30; i++) {
            directory.practitioner("other" + i % 4, "Autre" + i, "");
        }
        assertThatThrownBy(() -> copy().once(false)).isInstanceOf(Unmakeable.class);
        directory.practitioner("p2", "Martin", ", \"given\": [\"B\"]");

        copyAndCheck();
        assertThat(rows("SELECT count(error) FROM {}miroir_copy")).containsExactly("0");
    }

    /** That view is built as at the instant of the others, at which the resource was still wrong. */
    @Test
    void view_thatIsAdded_whileAResourceWasWrong_isBuiltAsAtPresent_onceItIsCorrected() throws Exception {
        directory.removeView("given");
        directory.practitioner("p1", "Dupont", ", \"given\": [\"A\", \"B\"]");
        copyAndCheck();
        directory.view("given", ONE_GIVEN);
        assertThatThrownBy(() -> copy().once(false)).isInstanceOf(Unmakeable.class);
        directory.practitioner("p1", "Dupont", ", \"given\": [\"B\"]");

        copyAndCheck();
        assertThat(rows("SELECT given FROM {}given")).containsExactly("B");
    }

    @Test
    void firstFill_thatFails_saysWhyInTheCopy_andGoesOnOnceTheViewIsCorrected() throws Exception {
        directory.view("given", ONE_GIVEN);
        directory.practitioner("p1", "Dupont", ", \"given\": [\"A\", \"B\"]");
        KeepCopy copy = run();
        await().atMost(Duration.ofSeconds(30)).until(() -> copy.failure() != null);
        assertThat(rows("SELECT view_table, error FROM {}miroir_copy").get(0))
                .contains("miroir_copy|", "Practitioner/p1", "several values");

        directory.view("given", Directory.GIVEN);
        awaitPresent(copy);
        assertEqual();
        assertThat(rows("SELECT count(*), count(error) FROM {}miroir_copy")).containsExactly("3|0");
    }

    @Test
    void run_takesInViewsThatChange() throws Exception {
        directory.practitioner("p1", "Dupont", ", \"given\": [\"Léa\"]");
        KeepCopy copy = run();
        awaitPresent(copy);
        directory.view("given", Directory.GIVEN.replace("name.given", "name.family"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(rows("SELECT given FROM {}given")).containsExactly("Dupont"));
        assertEqual();
    }

    @Test
    void tables_areOfOneInstant_andCheckSaysWhereTheyAreNot() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        copyAndCheck();
        directory.put("Organization", "o1", "\"name\": \"Hôpital\"");
        copyAndCheck();
        assertThat(rows("SELECT count(DISTINCT position), count(DISTINCT as_of) FROM {}miroir_copy"))
                .containsExactly("1|1");
        execute("UPDATE {}miroir_copy SET position = position - 1 WHERE view_table = 'given'");

        assertThat(check().named()).anyMatch(each -> each.contains("given is as of"));
    }

    @Test
    void table_thatIsCalledOtherwiseByCaseOnly_isRenamed() throws Exception {
        directory.put("Organization", "o1", "\"active\": true, \"name\": \"Hôpital\"");
        copyAndCheck();
        directory.view("place", Directory.PLACE.replace("\"Place\"", "\"place\""));
        copyAndCheck();

        assertThat(rows("SELECT \"Name\" FROM {}place")).containsExactly("Hôpital");
        assertThat(states().keySet()).contains("place");
    }

    @Test
    void run_whileOthersWrite_isTheViewsAtItsInstant() throws Exception {
        KeepCopy copy = run();
        for (int i = 0; i < 40; i++) {
            directory.practitioner("p" + i % 9, "Nom" + i, ", \"given\": [\"A" + i + "\"]");
            if (i % 10 == 5) {
                directory.delete("Practitioner", "p" + i % 9);
                await().until(() -> copy.asOf() != null);
                assertEqual();
            }
        }
        awaitPresent(copy);
        assertEqual();
        assertThat(copy.changes()).isPositive();
    }

    @Test
    void copy_thatAnotherKeeps_isLeftAlone_andTakenOver() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        KeepCopy first = run();
        awaitPresent(first);

        assertThat(copy().once(false)).isFalse();
        KeepCopy second = run();
        await().until(() -> "it is kept by another process".equals(second.failure()));
        first.stop();
        directory.practitioner("p2", "Martin", "");
        awaitPresent(second);
        assertThat(rows("SELECT family FROM {}person ORDER BY 1")).containsExactly("Dupont", "Martin");
    }

    /** Superseded versions that are gone are left out; the last one never is. */
    @Test
    void history_thatIsGone_isNotMissed() throws Exception {
        directory.practitioner("p1", "Un", "");
        copyAndCheck();
        directory.practitioner("p1", "Deux", "");
        directory.practitioner("p1", "Trois", "");
        directory.practitioner("p2", "Autre", "");
        try (MongoClient client = MongoClients.create(directory.environment().get("MONGODB_URI"))) {
            client.getDatabase(directory.environment().get("MIROIR_DATABASE"))
                    .getCollection("Practitioner_history")
                    .deleteMany(new Document());
        }
        assertThat(copy().once(false)).isTrue();

        assertThat(rows("SELECT family FROM {}person ORDER BY 1")).containsExactly("Autre", "Trois");
    }

    @Test
    void copy_thatIsTooFarBehind_isBuiltAnew() throws Exception {
        directory.practitioner("p1", "Un", "");
        copyAndCheck();
        Instant built = state("person").built();
        directory.practitioner("p2", "Deux", "");

        assertThat(copy(Duration.ofMillis(1)).once(false)).isTrue();

        assertThat(state("person").built()).isAfter(built);
        assertEqual();
    }

    @Test
    void copy_ofAnotherDatabase_isBuiltAnew(TestDatabase database) throws Exception {
        directory.practitioner("p1", "Un", "");
        copyAndCheck();
        directory.close();
        directory = Directory.open(database, Files.createDirectories(folder.resolve("other")));
        directory.practitioner("x", "Ailleurs", "");
        copyAndCheck();

        assertThat(rows("SELECT family FROM {}person")).containsExactly("Ailleurs");
    }

    @Test
    void table_thatSomebodyElseMade_isNotWrittenOver() throws Exception {
        directory.removeView("given");
        copyAndCheck();
        execute("CREATE TABLE {}given (mine INTEGER)");
        directory.view("given", Directory.GIVEN);

        assertThatThrownBy(() -> copy().once(false))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("given already");
    }

    @Test
    void check_ofACopyThatSomebodyChanged_namesWhatDiffers() throws Exception {
        directory.practitioner("p1", "Un", ", \"given\": [\"A\"]");
        directory.practitioner("p2", "Deux", ", \"given\": [\"B\"]");
        copyAndCheck();
        execute("UPDATE {}person SET family = 'Trois' WHERE _resource_id = 'p2'");
        execute("INSERT INTO {}given (_resource_id, given, place) VALUES ('nobody', 'C', 0)");

        assertThat(check().isEqual()).isFalse();
        assertThat(check().named())
                .anyMatch(each -> each.contains("person: Practitioner/p2 should have") && each.contains("'Trois'"))
                .anyMatch(each -> each.contains("given has 3 rows, of which 2") && each.contains("nobody"));
    }

    @Test
    void once_thatIsStopped_leavesNothingHalf() throws Exception {
        for (int i = 0; i < 5; i++) {
            directory.practitioner("p" + i, "Nom", "");
        }
        KeepCopy stopped = copy();
        stopped.stop();
        assertThatThrownBy(() -> stopped.once(false)).isInstanceOf(Stopped.class);
        copyAndCheck();
        assertThat(rows("SELECT count(*) FROM {}person")).containsExactly("5");
    }
}
