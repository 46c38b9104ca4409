package miroir.sql.copy;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import miroir.index.store.ResourceVersion;
import miroir.sql.database.ShowTables;
import miroir.sql.database.Target;
import miroir.sql.table.Table;

/**
 * Builds tables aside, as at one instant, however many resources there are: a page of a type is read and its rows are written for all views of the type, then the next one. Whoever
 * reads the copy sees nothing of it. What is broken off is begun anew.
 */
final class FillTables {
    private final Target target;
    private final StoreReader store;
    private final BooleanSupplier goesOn;

    FillTables(Target target, StoreReader store, BooleanSupplier goesOn) {
        this.target = target;
        this.store = store;
        this.goesOn = goesOn;
    }

    /** How many rows each has. */
    Map<String, Long> run(List<Table> tables, Instant asOf, Instant now) throws SQLException {
        Map<String, Long> rows = new HashMap<>();
        Map<String, List<Table>> byType = tables.stream()
                .collect(Collectors.groupingBy(Table::resourceType, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<Table>> each : byType.entrySet()) {
            try {
                rows.putAll(fill(each.getKey(), each.getValue(), asOf, now));
            } catch (SqlFailed e) {
                throw e.failure();
            }
        }
        return rows;
    }

    private Map<String, Long> fill(String type, List<Table> tables, Instant asOf, Instant now) throws SQLException {
        ShowTables show = new ShowTables(target);
        for (Table table : tables) {
            show.begin(table);
        }
        target.connection().commit();
        Map<String, Long> rows;
        try (TableWriters writers = new TableWriters(target, tables, Table::building)) {
            StoreReader.Pages pages = store.held(type, asOf);
            while (pages.hasNext()) {
                Stopped.unless(goesOn);
                for (ResourceVersion.Live resource : pages.next()) {
                    writers.add(resource);
                }
                writers.flush();
                target.connection().commit();
            }
            rows = writers.takeCounts();
        }
        for (Table table : tables) {
            show.finish(table, now.toEpochMilli());
        }
        target.connection().commit();
        return rows;
    }
}
