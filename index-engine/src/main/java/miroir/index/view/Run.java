package miroir.index.view;

import java.util.List;
import miroir.index.Refusal;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** One resource on its way through a view: what each level of it is at, and the row that is being filled. */
final class Run implements Row {
    /** Of one resource. Levels and branches beside each other multiply, and those that come to nothing make no row that anybody could stop at. */
    private static final int MOST_STEPS = 4_000_000;

    /** A row is whole before any of it is sent, and a cell can be the whole resource, in each of many columns. */
    private static final long LARGEST_ROW = 16 << 20;

    private static final int CHECKED_EVERY = 1024;

    private final Value[] focus;
    private final int[] rowIndex;
    private final @Nullable Object[] cells;
    private final long[] sizes;
    private final RowSink sink;
    private int steps;
    private long size;

    Run(Value resource, int levels, int columns, RowSink sink) {
        this.focus = new Value[levels];
        this.rowIndex = new int[levels];
        this.cells = new @Nullable Object[columns];
        this.sizes = new long[columns];
        this.sink = sink;
        focus[0] = resource;
    }

    Value focus(int level) {
        return focus[level];
    }

    int rowIndex(int level) {
        return rowIndex[level];
    }

    /** Before the first one of a level. */
    void begin(int level) {
        rowIndex[level] = -1;
    }

    /** Counts what is done, whether or not a row comes of it. */
    void step() {
        if (++steps > MOST_STEPS) {
            throw new Refusal(
                    Refusal.Reason.TOO_MANY,
                    "the view takes more than " + MOST_STEPS
                            + " steps for one resource; lists and branches beside each other multiply: put them into"
                            + " views of their own");
        }
        if (steps % CHECKED_EVERY == 0) {
            sink.check();
        }
    }

    /** Goes to the next one of a level. */
    void next(int level, Value value) {
        step();
        focus[level] = value;
        rowIndex[level]++;
    }

    /** Whether a level has come to nothing. */
    boolean isNothing(int level) {
        return rowIndex[level] < 0;
    }

    void put(int column, @Nullable Object cell) {
        long now = size(cell);
        size += now - sizes[column];
        sizes[column] = now;
        cells[column] = cell;
        if (size > LARGEST_ROW) {
            throw new Refusal(
                    Refusal.Reason.TOO_MANY,
                    "a row of the view is larger than " + LARGEST_ROW
                            + " characters; have fewer columns of large elements");
        }
    }

    private static long size(@Nullable Object cell) {
        if (cell instanceof String text) {
            return text.length();
        }
        if (cell instanceof RawBsonDocument document) {
            return document.getByteBuffer().remaining();
        }
        return cell instanceof List<?> list ? list.stream().mapToLong(Run::size).sum() : 0;
    }

    boolean emit() {
        return sink.take(this);
    }

    @Override
    public @Nullable Object cell(int column) {
        return cells[column];
    }
}
