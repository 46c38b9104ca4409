package miroir.sql.table;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.view.Column;
import miroir.index.view.CompiledView;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.views.StoredView;

/**
 * A view as a table.
 *
 * @param fingerprint tells whether its rows are those that the view makes: another view, or other rules of ours, has another one
 * @param shape tells whether its columns are
 */
public record Table(
        String name,
        String viewId,
        CompiledView view,
        List<TableColumn> columns,
        String description,
        String fingerprint,
        String shape) {

    /** Counted up where rows are made in another manner than before. */
    private static final String RULES = "1";

    /** The columns cannot be changed. */
    public Table {
        columns = List.copyOf(columns);
    }

    /**
     * The tables of some views. Two that would have one name are refused: case tells names apart in PostgreSQL, and not in SQLite.
     *
     * @param ownBases which references lead to resources of this server; keys depend on it
     */
    public static List<Table> all(Collection<StoredView> views, Set<String> ownBases) {
        List<Table> tables = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        for (StoredView view : views) {
            Table table = of(view, ownBases);
            String other = taken.putIfAbsent(table.name.toLowerCase(Locale.ROOT), view.id());
            if (other != null) {
                throw new ConfigurationRefused(
                        view.id(),
                        "its table would be called " + table.name + ", as that of " + other
                                + "; give one of them another name");
            }
            tables.add(table);
        }
        return List.copyOf(tables);
    }

    static Table of(StoredView view, Set<String> ownBases) {
        CompiledView compiled = view.view().compiled();
        Descriptions descriptions = new Descriptions(view.definition());
        List<TableColumn> columns = new ArrayList<>();
        for (Column column : compiled.columns()) {
            SqlNames.requireColumn(view.id(), column.name());
            columns.add(new TableColumn(column.name(), ColumnKind.of(column), descriptions.ofColumn(column.name())));
        }
        StringBuilder shape = new StringBuilder();
        columns.forEach(each ->
                shape.append(each.name()).append(' ').append(each.kind()).append('\n'));
        return new Table(
                SqlNames.table(view.id(), view.view().name()),
                view.id(),
                compiled,
                columns,
                descriptions.ofView(),
                hash(RULES
                        + '\n'
                        + new TreeSet<>(ownBases)
                        + '\n'
                        + view.definition().toJson()),
                hash(shape.toString()));
    }

    /** Tells tables from those of other views, or of the same before they changed. */
    public static Map<String, String> fingerprints(Collection<Table> tables) {
        Map<String, String> fingerprints = new HashMap<>();
        tables.forEach(each -> fingerprints.put(each.name(), each.fingerprint()));
        return fingerprints;
    }

    /** Of which resources its rows are. */
    public String resourceType() {
        return view.resourceType();
    }

    /** Under which it is built before it is shown. */
    public String building() {
        return SqlNames.building(name);
    }

    /** SHA-256 of a text. */
    public static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
