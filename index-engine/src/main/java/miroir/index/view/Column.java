package miroir.index.view;

/**
 * A column of a view.
 *
 * @param type its FHIR type; of {@link Form#JSON}, what has parts
 * @param collection whether a cell is a list of values
 */
public record Column(String name, String type, Form form, boolean collection) {

    /** What its cells hold, or the lists in them; null where there is nothing. */
    public enum Form {
        /** A {@link String}. */
        TEXT,
        /** A {@link Boolean}. */
        BOOLEAN,
        /** A {@link Long}. */
        INTEGER,
        /** A {@link java.math.BigDecimal}. */
        DECIMAL,
        /** A {@link org.bson.RawBsonDocument}, which is shown as the JSON that it is in FHIR. */
        JSON
    }

    /** As messages name it. */
    String shown() {
        return "the column \"" + name + "\"";
    }
}
