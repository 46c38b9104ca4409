package miroir.sql.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import miroir.index.structure.ServedTypes;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.views.StoredViews;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    @TempDir
    private Path folder;

    private List<Table> tables(String... views) throws IOException {
        for (int i = 0; i < views.length; i++) {
            String id = "view-" + i;
            Files.writeString(
                    folder.resolve(id + ".json"),
                    "{\"resourceType\": \"ViewDefinition\", \"id\": \"" + id + "\", \"resource\": \"Practitioner\", "
                            + views[i] + "}");
        }
        return Table.all(
                StoredViews.read(folder, Set.of(), Set.of("Practitioner")).all(), Set.of());
    }

    private static String columns(String... columns) {
        return "\"select\": [{\"column\": [{" + String.join("}, {", columns) + "}]}]";
    }

    private static final String ID = "\"name\": \"id\", \"path\": \"id\"";

    @Test
    void all_shippedViews_areTablesWithTheirNames() throws IOException {
        Set<String> types = ServedTypes.of(ServedTypes.DIRECTORY);
        List<Table> tables = Table.all(
                StoredViews.read(ROOT.resolve("conf/views"), Set.of(), types).all(), Set.of());

        assertThat(tables.stream().map(Table::name))
                .contains(
                        "practitioner_qualification",
                        "activity",
                        "organization",
                        "practitioner_mailbox",
                        "practitioner_json");
        assertThat(tables).allSatisfy(each -> assertThat(each.description()).isNotEmpty());
    }

    @Test
    void columns_haveAKind() throws IOException {
        Table table = tables(
                        columns(
                                ID,
                                "\"name\": \"active\", \"path\": \"active\", \"description\": \"Whether it is\"",
                                "\"name\": \"given\", \"path\": \"name.given\", \"collection\": true",
                                "\"name\": \"updated\", \"path\": \"meta.lastUpdated\"",
                                "\"name\": \"born\", \"path\": \"birthDate\"",
                                "\"name\": \"place\", \"path\": \"%rowIndex\"",
                                "\"name\": \"half\", \"path\": \"1.5\"",
                                "\"name\": \"all\", \"path\": \"$this\", \"tag\": [{\"name\": \"ansi/type\", \"value\": \"JSON\"}]"))
                .get(0);

        assertThat(table.columns().stream().map(TableColumn::kind))
                .containsExactly(
                        ColumnKind.TEXT,
                        ColumnKind.BOOLEAN,
                        ColumnKind.JSON,
                        ColumnKind.INSTANT,
                        ColumnKind.TEXT,
                        ColumnKind.INTEGER,
                        ColumnKind.DECIMAL,
                        ColumnKind.JSON);
        assertThat(table.columns().get(1).description()).isEqualTo("Whether it is");
        assertThat(table.name()).isEqualTo("view_0");
    }

    @Test
    void fingerprint_tellsViewsApart_andShapeTheirColumns() throws IOException {
        Table table = tables(columns(ID)).get(0);
        Table where = tables("\"where\": [{\"path\": \"active = true\"}], " + columns(ID))
                .get(0);
        Table renamed = tables(columns("\"name\": \"key\", \"path\": \"id\"")).get(0);

        assertThat(where.fingerprint()).isNotEqualTo(table.fingerprint());
        assertThat(where.shape()).isEqualTo(table.shape());
        assertThat(renamed.shape()).isNotEqualTo(table.shape());
        assertThat(tables(columns(ID)).get(0)).extracting(Table::fingerprint).isEqualTo(table.fingerprint());
    }

    @Test
    void names_thatClash_areRefused() {
        assertThatThrownBy(() -> tables("\"name\": \"People\", " + columns(ID), "\"name\": \"people\", " + columns(ID)))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("its table would be called people, as that of view-0");
        assertThatThrownBy(
                        () -> tables(columns("\"name\": \"a\", \"path\": \"id\"", "\"name\": \"A\", \"path\": \"id\"")))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("two columns are called A");
    }

    @ParameterizedTest
    @CsvSource({"miroir_copy", "sqlite_x", "pg_x", "Miroir_x"})
    void names_ofOthers_areRefused(String name) {
        assertThatThrownBy(() -> tables("\"name\": \"" + name + "\", " + columns(ID)))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("a table cannot be called " + name);
    }

    @Test
    void columns_ofPostgres_areRefused() {
        assertThatThrownBy(() -> tables(columns("\"name\": \"xmin\", \"path\": \"id\"")))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("a column cannot be called xmin");
    }

    @Test
    void names_ofLongIds_areRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> SqlNames.table("a".repeat(64), null))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("a letter, then up to 62 letters");
        assertThatThrownBy(() -> SqlNames.table("1a", null)).isInstanceOf(ConfigurationRefused.class);
        assertThat(SqlNames.table("a-b.c", null)).isEqualTo("a_b_c");
    }

    @Test
    void building_isNeverTooLong() {
        assertThat(SqlNames.building("a".repeat(63))).hasSizeLessThan(63).startsWith("miroir_build_");
        assertThat(SqlNames.index("a".repeat(63), Long.MAX_VALUE)).hasSizeLessThan(63);
    }
}
