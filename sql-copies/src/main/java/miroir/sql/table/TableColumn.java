package miroir.sql.table;

/**
 * A column of a table.
 *
 * @param description what the view says of it; an empty string: nothing
 */
public record TableColumn(String name, ColumnKind kind, String description) {}
