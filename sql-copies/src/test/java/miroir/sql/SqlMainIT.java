package miroir.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.sql.testing.Directory;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands, and what they end with. */
@ExtendWith(MongoExtension.class)
class SqlMainIT {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Path folder;
    private final Path file;
    private final Directory directory;
    private final Map<String, String> environment;

    SqlMainIT(TestDatabase database, @TempDir Path folder) throws Exception {
        this.folder = folder;
        this.file = folder.resolve("sql/directory.sqlite");
        this.directory = Directory.open(database, folder);
        this.environment = new HashMap<>(directory.environment());
        environment.put("MIROIR_SQL_CONFIG", folder.resolve("sql.yaml").toString());
        configure("copies: {directory: {}}");
    }

    private void configure(String yaml) throws IOException {
        Files.writeString(folder.resolve("sql.yaml"), yaml + "\npoll: 20ms\nmetricsPort: 0\nbatch: 5\n");
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private ExitCode sql(String... arguments) {
        PrintStream to = new PrintStream(out, true, UTF_8);
        return new SqlMain(environment, to, to).run(List.of(arguments));
    }

    private String said() {
        return out.toString(UTF_8);
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        }
    }

    @Test
    void once_thenStatusAndCheck_endWell() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        assertThat(sql("status")).isEqualTo(ExitCode.TARGET_AWAY);
        assertThat(sql("once")).isEqualTo(ExitCode.DONE);
        assertThat(sql("status", "--copy", "directory")).isEqualTo(ExitCode.DONE);
        assertThat(sql("check")).isEqualTo(ExitCode.DONE);
        assertThat(sql("once", "--rebuild")).isEqualTo(ExitCode.DONE);

        assertThat(said())
                .containsPattern("directory  OK  \\S+/sql/directory.sqlite, as of \\S+Z, \\d+ s ago\n")
                .containsPattern("    person +1 rows, changed last as of \\S+Z\n")
                .containsPattern("directory  equal as of \\S+Z: 1 rows compared, 0 resources differ\n");
        assertThat(count("SELECT count(*) FROM person")).isEqualTo(1);
    }

    @Test
    void everyCommand_databaseInANewerFormat_isRefused(TestDatabase database) {
        String name = database.name() + "_newer";
        environment.put("MIROIR_DATABASE", name);
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(name)
                    .getCollection("miroir_state")
                    .insertOne(new Document("_id", "format")
                            .append("number", 99)
                            .append("writers", 98)
                            .append("complete", 99));

            for (String command : List.of("once", "run", "check")) {
                assertThat(sql(command)).as(command).isEqualTo(ExitCode.USAGE);
            }

            assertThat(said()).contains("what is stored is of format 99", "Start the version of Miroir");
            assertThat(client.getDatabase(name).listCollectionNames()).containsExactly("miroir_state");
        }
    }

    @Test
    void check_whatDiffers_isNamed() throws Exception {
        directory.practitioner("p1", "Dupont", "");
        assertThat(sql("once")).isEqualTo(ExitCode.DONE);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE person SET family = 'Durand'");
        }

        assertThat(sql("check")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("DIFFERS", "Practitioner/p1 should have", "'Durand'");
    }

    @Test
    void status_ofWhatIsLateOrNotWhole_isNotAll() throws Exception {
        assertThat(sql("once")).isEqualTo(ExitCode.DONE);
        configure("copies: {directory: {}}\nlate: 1ms");
        assertThat(sql("status")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("directory  LATE");
        configure("copies: {directory: {}}");
        directory.view("more", Directory.GIVEN.replace("\"given\"", "\"more\""));
        assertThat(sql("status")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("directory  NOT WHOLE", "more                             is not there yet");
    }

    @Test
    void status_ofViewsThatAreOthers_isNotAll() throws Exception {
        assertThat(sql("once")).isEqualTo(ExitCode.DONE);
        directory.view("given", Directory.GIVEN.replace("name.given", "name.family"));
        assertThat(sql("status")).isEqualTo(ExitCode.NOT_ALL);
        directory.view("given", Directory.GIVEN);
        directory.removeView("place");
        assertThat(sql("status")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("is of the view as it was before it changed", "is of a view that is not wanted");
    }

    @Test
    void status_ofAFirstFillThatFailed_saysWhy() throws Exception {
        directory.view("given", Directory.GIVEN.replace("name.given", "name").replace("$this", "given"));
        directory.practitioner("p1", "Dupont", ", \"given\": [\"A\", \"B\"]");
        assertThat(sql("once")).isEqualTo(ExitCode.NOT_POSSIBLE);
        assertThat(sql("status")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("directory  FAILS", "does not go on: ", "Practitioner/p1");
    }

    @Test
    void once_whereOneCopyIsAway_doesTheOthers() throws Exception {
        configure("copies: {away: {to: 'jdbc:postgresql://127.0.0.1:1/none'}, directory: {}}");
        assertThat(sql("once")).isEqualTo(ExitCode.TARGET_AWAY);
        assertThat(sql("status", "--copy", "directory")).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("the copy away: its database");
    }

    @Test
    void wrongUse_isRefusedWithWhatIsAllowed() throws Exception {
        assertThat(sql()).isEqualTo(ExitCode.USAGE);
        assertThat(sql("twice")).isEqualTo(ExitCode.USAGE);
        assertThat(sql("run", "--rebuild")).isEqualTo(ExitCode.USAGE);
        assertThat(sql("once", "--copy", "other")).isEqualTo(ExitCode.USAGE);
        configure("copies: {directory: {views: [nonsense]}}");
        assertThat(sql("once")).isEqualTo(ExitCode.USAGE);
        assertThat(said())
                .contains(
                        "there are: once, run, status, check",
                        "there is no command 'twice'",
                        "--rebuild",
                        "there is no copy \"other\"; there are [directory]",
                        "there is no view \"nonsense\"; there are given, person, place");
    }

    /** Killed again and again, while others write; what is left is always one instant, and what goes on ends equal. */
    @Test
    void run_thatIsKilled_leavesAWholeCopy() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (Killed process = new Killed(environment, folder.resolve("out"))) {
                long before = Files.exists(file) ? changes() : 0;
                for (int j = 0; j < 30; j++) {
                    directory.practitioner("p" + j % 11, "Nom" + i + "-" + j, ", \"given\": [\"A\", \"B" + j + "\"]");
                }
                await().atMost(Duration.ofSeconds(60)).until(() -> changes() > before || !process.isAlive());
                assertThat(process.isAlive()).as(process.said()).isTrue();
                directory.delete("Practitioner", "p" + i);
            }
            assertThat(sql("check")).as(said()).isEqualTo(ExitCode.DONE);
        }
        assertThat(sql("once")).isEqualTo(ExitCode.DONE);
        assertThat(sql("check")).isEqualTo(ExitCode.DONE);
        assertThat(count("SELECT count(*) FROM person")).isEqualTo(10);
    }

    private long changes() {
        try {
            return count("SELECT coalesce(max(position), 0) FROM miroir_copy");
        } catch (SQLException e) {
            return 0;
        }
    }

    /** {@code sql run} in a JVM of its own, that ends by {@code kill -9}. */
    private static final class Killed implements AutoCloseable {
        private final Process process;
        private final Path said;

        Killed(Map<String, String> environment, Path said) throws IOException {
            this.said = said;
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SqlMain.class.getName(),
                            "run")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment().putAll(environment);
            this.process = builder.start();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        String said() throws IOException {
            return Files.readString(said);
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
