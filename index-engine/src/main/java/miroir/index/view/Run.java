package miroir.index.view;

import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** One resource on its way through a view: what each level of it is at, and the row that is being filled. */
final class Run implements Row {
    /** Of one resource. Levels beside each other multiply, and those that come to nothing make no row that anybody could stop at. */
    private static final int MOST_STEPS = 1_000_000;

    private static final int CHECKED_EVERY = 1024;

    private final Value[] focus;
    private final int[] rowIndex;
    private final @Nullable Object[] cells;
    private final RowSink sink;
    private int steps;

    Run(Value resource, int levels, int columns, RowSink sink) {
        this.focus = new Value[levels];
        this.rowIndex = new int[levels];
        this.cells = new @Nullable Object[columns];
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

    /** Goes to the next one of a level. */
    void next(int level, Value value) {
        if (++steps > MOST_STEPS) {
            throw new Refusal(
                    Refusal.Reason.TOO_MANY,
                    "the view makes more of one resource than " + MOST_STEPS
                            + " rows; lists beside each other multiply: put them into views of their own");
        }
        if (steps % CHECKED_EVERY == 0) {
            sink.check();
        }
        focus[level] = value;
        rowIndex[level]++;
    }

    /** Whether a level has come to nothing. */
    boolean isNothing(int level) {
        return rowIndex[level] < 0;
    }

    void put(int column, @Nullable Object cell) {
        cells[column] = cell;
    }

    boolean emit() {
        return sink.take(this);
    }

    @Override
    public @Nullable Object cell(int column) {
        return cells[column];
    }
}
