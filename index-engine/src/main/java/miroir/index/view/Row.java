package miroir.index.view;

import org.jspecify.annotations.Nullable;

/** A row, which is there only while it is told of. */
@FunctionalInterface
public interface Row {
    /** What {@link Column.Form} says, a list of that where the column is a collection, or null. */
    @Nullable
    Object cell(int column);
}
