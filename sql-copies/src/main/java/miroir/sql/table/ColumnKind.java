package miroir.sql.table;

import miroir.index.view.Column;

/** What a column holds, from which each dialect has its type. */
public enum ColumnKind {
    /** A {@link String}; dates too, since a date of FHIR may be a year. */
    TEXT,
    /** A {@link Boolean}. */
    BOOLEAN,
    /** A {@link Long}. */
    INTEGER,
    /** A {@link java.math.BigDecimal}. */
    DECIMAL,
    /** An {@link java.time.Instant}. */
    INSTANT,
    /** A {@link String} that is JSON: lists, and what has parts. */
    JSON;

    static ColumnKind of(Column column) {
        if (column.collection()) {
            return JSON;
        }
        return switch (column.form()) {
            case TEXT -> column.type().equals("instant") ? INSTANT : TEXT;
            case BOOLEAN -> BOOLEAN;
            case INTEGER -> INTEGER;
            case DECIMAL -> DECIMAL;
            case JSON -> JSON;
        };
    }
}
