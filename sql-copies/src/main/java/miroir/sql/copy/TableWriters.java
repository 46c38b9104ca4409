package miroir.sql.copy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.store.ResourceVersion;
import miroir.index.view.Row;
import miroir.sql.database.RowWriter;
import miroir.sql.database.Target;
import miroir.sql.table.Cells;
import miroir.sql.table.Table;

/** Puts the rows of resources into tables, and counts them. */
final class TableWriters implements AutoCloseable {
    private final Map<String, List<One>> byType = new HashMap<>();

    private record One(Table table, Cells cells, RowWriter writer, Count count) {}

    private static final class Count {
        long rows;
    }

    /**
     * Writes tables.
     *
     * @param name under which each of them is written
     */
    TableWriters(Target target, List<Table> tables, Function<Table, String> name) throws SQLException {
        for (Table table : tables) {
            byType.computeIfAbsent(table.resourceType(), type -> new ArrayList<>())
                    .add(new One(table, new Cells(table), target.writer(name.apply(table), table), new Count()));
        }
    }

    /** The rows of a resource in all tables that are of its type. */
    void add(ResourceVersion.Live resource) {
        try {
            for (One one : byType.getOrDefault(resource.key().type(), List.of())) {
                one.table
                        .view()
                        .rows(resource.fhir(), row -> add(one, resource.key().id(), row));
            }
        } catch (Refusal e) {
            throw Unmakeable.of(resource, e);
        }
    }

    private static boolean add(One one, String owner, Row row) {
        List<Object> cells = one.cells.of(row);
        SqlFailed.within(() -> one.writer.add(owner, cells));
        one.count.rows++;
        return true;
    }

    void flush() throws SQLException {
        for (List<One> some : byType.values()) {
            for (One one : some) {
                one.writer.flush();
            }
        }
    }

    /** How many there were since this was asked last. */
    Map<String, Long> takeCounts() {
        Map<String, Long> counts = new HashMap<>();
        byType.values()
                .forEach(some -> some.forEach(one -> {
                    counts.put(one.table.name(), one.count.rows);
                    one.count.rows = 0;
                }));
        return counts;
    }

    @Override
    public void close() throws SQLException {
        for (List<One> some : byType.values()) {
            for (One one : some) {
                one.writer.close();
            }
        }
    }
}
