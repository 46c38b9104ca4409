package miroir.index.view;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/**
 * What fills a column of the rows.
 *
 * @param at which column
 * @param level by which level of the view it is filled
 * @param path what is asked of what the row is made from
 * @param isRowIndex whether it is {@code %rowIndex} alone, which is 0 where a row is made of nothing
 */
record Cell(int at, int level, Column column, Path path, boolean isRowIndex) {
    private static final Object FIRST_ROW = 0L;

    @Nullable
    Object of(Value focus, int rowIndex) {
        Values values = new Values();
        path.each(focus, rowIndex, values);
        return column.collection() ? values.all : values.first;
    }

    /** What is in a row that is made though there was nothing to make it of. */
    @Nullable
    Object ofNothing(int emptyLevel) {
        return isRowIndex && level == emptyLevel ? FIRST_ROW : null;
    }

    /** The values as the column has them; what is only extensions is none. */
    private final class Values implements Path.Taker {
        private final List<Object> all = column.collection() ? new ArrayList<>() : List.of();
        private @Nullable Object first;

        @Override
        public boolean take(Value value) {
            Object converted = converted(value);
            if (converted != null && column.collection()) {
                all.add(converted);
            } else if (converted != null && first != null) {
                throw new Refusal(
                        Refusal.Reason.UNPROCESSABLE,
                        column.shown()
                                + " has several values; make it one by .first() or .join(…), or \"collection\": true");
            } else if (converted != null) {
                first = converted;
            }
            return true;
        }
    }

    private @Nullable Object converted(Value value) {
        return switch (column.form()) {
            case JSON -> document(value.raw());
            case INTEGER -> whole(value.number());
            default -> value.simple();
        };
    }

    private static @Nullable Object document(@Nullable RawValue raw) {
        return raw == null || !raw.isDocument() ? null : raw.document();
    }

    private @Nullable Object whole(@Nullable BigDecimal number) {
        try {
            return number == null ? null : number.longValueExact();
        } catch (ArithmeticException e) {
            throw new Refusal(
                    Refusal.Reason.UNPROCESSABLE,
                    column.shown() + " is of whole numbers of up to 63 bits, and this is " + number);
        }
    }
}
