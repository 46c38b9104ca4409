package miroir.index.view;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.path.RawValue;
import org.bson.RawBsonDocument;

/**
 * A view that was read: of a stored resource it makes rows. It has no state, and many threads may use it.
 *
 * <p>What it knows was found out when it was read: where every element can stand, of which type everything is, what follows what. To make a row is to look for a
 * few names in the bytes as they are stored; no model is built, and of a resource nothing is kept.
 */
public final class CompiledView {
    private final String resourceType;
    private final List<Column> columns;
    private final Truth where;
    private final RowStep rows;
    private final int levels;

    CompiledView(String resourceType, List<Column> columns, Truth where, RowStep rows, int levels) {
        this.resourceType = resourceType;
        this.columns = List.copyOf(columns);
        this.where = where;
        this.rows = rows;
        this.levels = levels;
    }

    /** Of which resources it makes rows. */
    public String resourceType() {
        return resourceType;
    }

    /** What is in a row, in order. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Tells of the rows of a resource, which is of that type.
     *
     * @return false where no more were wanted
     */
    public boolean rows(RawBsonDocument resource, RowSink sink) {
        Value value = Value.of(resourceType, RawValue.of(resource));
        try {
            return !where.holds(value, 0) || rows.run(new Run(value, levels, columns.size(), sink));
        } catch (Refusal e) {
            throw e.reason() == Refusal.Reason.UNPROCESSABLE || e.reason() == Refusal.Reason.TOO_MANY
                    ? new Refusal(e.reason(), "of " + shown(value) + ": " + e.getMessage())
                    : e;
        } catch (StackOverflowError e) {
            throw new Refusal(
                    Refusal.Reason.TOO_COSTLY,
                    "of " + shown(value) + ": the view nests too deep for what the resource nests; shorten its paths");
        }
    }

    private String shown(Value resource) {
        String key = Keys.ofResource(resource);
        return key == null ? "a " + resourceType + " without id" : key;
    }
}
