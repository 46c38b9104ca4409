package miroir.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sql.copy.PlanTables.Situation;
import miroir.sql.database.TableState;
import miroir.sql.table.Table;
import miroir.sql.testing.Directory;
import miroir.storage.views.StoredViews;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTablesTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final Duration LONG = Duration.ofDays(30);

    @TempDir
    private Path folder;

    private List<Table> tables;
    private final Map<String, TableState> known = new HashMap<>();

    @BeforeEach
    void read() throws IOException {
        Files.writeString(folder.resolve("given.json"), Directory.GIVEN);
        Files.writeString(folder.resolve("person.json"), Directory.PERSON);
        tables = Table.all(
                StoredViews.read(folder, Set.of(), Set.of("Practitioner")).all(), Set.of());
        tables.forEach(each -> known.put(each.name(), state(each, each.fingerprint())));
    }

    private static TableState state(Table table, String fingerprint) {
        return new TableState(
                table.name(),
                table.viewId(),
                table.resourceType(),
                THEN,
                1,
                THEN,
                THEN,
                fingerprint,
                table.shape(),
                "here",
                null);
    }

    private PlanTables plan(String source, Instant settled, Duration rebuildAfter, boolean anyway) {
        return PlanTables.of(tables, new Situation(known, known.keySet(), source, settled, rebuildAfter, anyway));
    }

    @Test
    void of_whatIsAsItShouldBe_isNothing_andGoesOn() {
        assertThat(plan("here", NOW, LONG, false)).isEqualTo(new PlanTables(List.of(), List.of(), THEN, ""));
    }

    @Test
    void of_aNewCopy_isAllOfIt_asAtPresent() {
        known.clear();
        assertThat(plan("here", NOW, LONG, false))
                .isEqualTo(new PlanTables(tables, List.of(), NOW, "all of it, since it is new"));
    }

    @Test
    void of_aViewThatChanged_isThat_asAtTheInstantOfTheOthers() {
        known.put("given", state(tables.get(0), "another"));
        assertThat(plan("here", NOW, LONG, false))
                .isEqualTo(new PlanTables(
                        List.of(tables.get(0)), List.of(), THEN, "given, since views were added or changed"));
    }

    @Test
    void of_viewsThatAllChanged_isAllOfIt_asAtPresent() {
        tables.forEach(each -> known.put(each.name(), state(each, "another")));
        assertThat(plan("here", NOW, LONG, false).asOf()).isEqualTo(NOW);
    }

    @Test
    void of_aTableThatIsGone_isThat() {
        PlanTables plan = PlanTables.of(tables, new Situation(known, Set.of("person"), "here", NOW, LONG, false));
        assertThat(plan.build()).containsExactly(tables.get(0));
    }

    @Test
    void of_aViewThatIsNotWanted_isItsRemoval() {
        known.put("old", known.get("given"));
        assertThat(plan("here", NOW, LONG, false))
                .isEqualTo(new PlanTables(List.of(), List.of("old"), THEN, "without old"));
    }

    @Test
    void of_whatCannotBeFollowed_isAllOfIt_andSaysWhy() {
        assertThat(plan("there", NOW, LONG, false).why()).contains("another database");
        assertThat(plan("here", NOW, Duration.ofHours(1), false).why()).contains("rebuildAfter");
        assertThat(plan("here", THEN.minusSeconds(3600), LONG, false).why()).contains("restored");
        assertThat(plan("here", NOW, LONG, true).why()).contains("somebody wants it");
        assertThat(plan("here", THEN.minusSeconds(1), LONG, false).why()).isEmpty();
    }

    @Test
    void of_aTableOfSomebodyElse_isRefused() {
        known.remove("given");
        assertThatThrownBy(() -> PlanTables.of(
                        tables, new Situation(known, Set.of("given", "person"), "here", NOW, LONG, false)))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("there is a table or view given already");
    }
}
