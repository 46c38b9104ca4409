package miroir.sql.table;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import org.jspecify.annotations.Nullable;

/**
 * What things are called in SQL. Only what both dialects take is a name, so that a copy can be moved from one to the other; and it is quoted wherever it stands, so that
 * words of SQL are names as well.
 */
public final class SqlNames {
    /** The resource that a row is of, by its id. Columns of views begin with a letter, so it is never one of theirs. */
    public static final String OWNER = "_resource_id";

    /** What the copy itself needs. */
    public static final String PREFIX = "miroir_";

    /** What is said about the copy. */
    public static final String LEDGER = PREFIX + "copy";

    private static final String BUILDING = PREFIX + "build_";
    private static final String ALLOWED = "a letter, then up to 62 letters, digits and underscores";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    /** Every table of PostgreSQL has them. */
    private static final Set<String> TAKEN_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    private SqlNames() {}

    /** Between quotes; there are none within. */
    public static String quoted(String name) {
        return '"' + name + '"';
    }

    /** Whether it can be the name of something. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Of what may be a name, and how it has to look. */
    public static String allowed() {
        return ALLOWED;
    }

    /**
     * The table of a view: as the view is called, or else by its id.
     *
     * @param name what the view says that it is called
     */
    static String table(String viewId, @Nullable String name) {
        String table = name == null ? viewId.replace('-', '_').replace('.', '_') : name;
        String lower = table.toLowerCase(Locale.ROOT);
        if (!isName(table)) {
            throw new ConfigurationRefused(
                    viewId,
                    "\"" + Refusal.shown(table) + "\" is no name of a table, which is " + ALLOWED
                            + "; give the view a name");
        }
        if (lower.startsWith(PREFIX) || lower.startsWith("sqlite_") || lower.startsWith("pg_")) {
            throw new ConfigurationRefused(
                    viewId,
                    "a table cannot be called " + table
                            + ": miroir_, sqlite_ and pg_ begin names of others; give the view another name");
        }
        return table;
    }

    static void requireColumn(String viewId, String column) {
        if (TAKEN_COLUMNS.contains(column.toLowerCase(Locale.ROOT))) {
            throw new ConfigurationRefused(
                    viewId, "a column cannot be called " + column + ", which every table of PostgreSQL has for itself");
        }
    }

    /** Under which a table is built before it is shown. */
    public static String building(String table) {
        return BUILDING + shortHash(table);
    }

    /** Whether something was built under it. */
    public static boolean isBuilding(String name) {
        return name.startsWith(BUILDING);
    }

    /** An index of a table that was begun to be built at that moment. */
    public static String index(String table, long moment) {
        return PREFIX + "ix_" + shortHash(table) + "_" + Long.toHexString(moment);
    }

    private static String shortHash(String text) {
        return Table.hash(text).substring(0, 12);
    }
}
