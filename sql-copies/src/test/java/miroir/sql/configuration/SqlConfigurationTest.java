package miroir.sql.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sql.database.PostgresPlace;
import miroir.sql.database.SqlitePlace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlConfigurationTest {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path FOLDER = Path.of("/data/sql");

    private static SqlConfiguration read(String yaml, Map<String, String> environment) {
        return SqlConfiguration.read("sql.yaml", yaml, FOLDER, environment::get);
    }

    private static PostgresPlace postgres(String keys) {
        return (PostgresPlace) read("copies: {a: {to: 'jdbc:postgresql://" + keys + "}}", Map.of("P", "hidden"))
                .copies()
                .get(0)
                .place();
    }

    @Test
    void read_shippedFile_isAFileOfAllViews_byTheDefaults() throws IOException {
        SqlConfiguration shipped = read(Files.readString(ROOT.resolve("conf/sql.yaml")), Map.of());

        assertThat(shipped).isEqualTo(read("copies: {directory: {}}", Map.of()));
        assertThat(shipped.copies())
                .containsExactly(new CopyConfiguration(
                        "directory", new SqlitePlace(FOLDER.resolve("directory.sqlite")), List.of()));
        assertThat(shipped.poll()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void read_shippedFile_takesPostgresFromTheEnvironment() throws IOException {
        SqlConfiguration shipped = read(
                Files.readString(ROOT.resolve("conf/sql.yaml")),
                Map.of(
                        "MIROIR_SQL_TO",
                        "jdbc:postgresql://127.0.0.1/x",
                        "MIROIR_SQL_USER",
                        "me",
                        "MIROIR_SQL_PASSWORD",
                        "hidden",
                        "MIROIR_SQL_READERS",
                        "app"));

        assertThat(shipped.copies().get(0).place())
                .isEqualTo(new PostgresPlace(
                        "jdbc:postgresql://127.0.0.1/x", "me", "hidden", false, "miroir", List.of("app")));
        assertThat(shipped.toString()).doesNotContain("hidden");
    }

    @Test
    void password_isThatOfAFileOrVariable(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("password");
        Files.writeString(file, "of the file\n");

        assertThat(postgres("127.0.0.1/x', passwordVariable: P").password()).isEqualTo("hidden");
        assertThat(postgres("127.0.0.1/x', passwordFile: '" + file + "'").password())
                .isEqualTo("of the file");
        assertThat(postgres("127.0.0.1/x'").password()).isNull();
    }

    @Test
    void connections_toElsewhere_areEncrypted_unlessTheAddressSaysOtherwise() {
        assertThat(postgres("db.example/x'").encrypted()).isTrue();
        assertThat(postgres("127.0.0.1,db.example/x'").encrypted()).isTrue();
        assertThat(postgres("localhost:5433/x'").encrypted()).isFalse();
        assertThat(postgres("db.example/x?sslmode=disable'").encrypted()).isFalse();
        assertThat(postgres("db.example/x?sslmode=disable'").shown())
                .isEqualTo("jdbc:postgresql://db.example/x, schema miroir");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            copies: {A: {}}                                                     | "A" is no name of a copy
            copies: {a: {to: 'mysql://x'}}                                      | is neither sqlite:FILE nor jdbc:postgresql://HOST/DATABASE
            copies: {a: {to: 'jdbc:postgresql://h/d?password=x'}}               | has a password or a user in it
            copies: {a: {to: 'jdbc:postgresql://u:p@h/d'}}                      | has a password or a user in it
            copies: {a: {to: 'jdbc:postgresql://h/d', schema: 'a b'}}           | "a b" is no name here
            copies: {a: {to: 'jdbc:postgresql://h/d', readers: ['x"y']}}        | is no name here
            copies: {a: {to: 'jdbc:postgresql://h/d', passwordFile: '/no/file'}} | the file /no/file cannot be read
            copies: {a: {user: me}}                                             | is for PostgreSQL, and this copy is a file
            copies: {a: {}, b: {to: 'sqlite:a.sqlite'}}                         | another copy is there already
            copies: {a: {to: 'jdbc:postgresql://h/d?user=bob'}}                 | has a password or a user in it
            copies: {a: {views: []}}                                            | names none
            copies: {a: {veiws: all}}                                           | views
            {copies: {a: {}}, batch: 0}                                         | between 1 and 100000
            {copies: {a: {}}, poll: 0s}                                         | is no time at all
            {copies: {a: {}}, pol: 1s}                                          | poll
            """)
    void read_whatCannotBeUsed_isRefused(String yaml, String why) {
        assertThatThrownBy(() -> read(yaml, Map.of()))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("password=x");
    }

    @Test
    void readme_hasEveryKey() throws IOException {
        String readme = Files.readString(ROOT.resolve("conf/README.md"));
        SqlConfiguration.keys()
                .forEach((part, keys) -> keys.forEach(
                        key -> assertThat(readme).contains("| `" + (part.isEmpty() ? "" : part + ".") + key + "` |")));
    }
}
