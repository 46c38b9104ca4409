package miroir.index.view;

import java.util.List;

/**
 * A step on the way to rows, which does its part and has the next one done: as often as it has something, or not at all.
 *
 * <p>A view says that rows are the product of what stands beside each other, and the union of what {@code unionAll} names. Computed as it is said, each level
 * would make a list of partial rows and combine it with the next. Here each level knows what comes after it when the view is read; what it finds it puts into
 * the one row that is being filled, and goes on. So a row costs what is in it, nothing is kept, and whoever has enough rows stops everything by one word.
 */
@FunctionalInterface
interface RowStep {
    /** Returns false where no more rows are wanted. */
    boolean run(Run run);

    /** Fills cells from what a level is at. */
    static RowStep fill(int level, List<Cell> cells, RowStep next) {
        Cell[] filled = cells.toArray(Cell[]::new);
        return run -> {
            run.step();
            Value focus = run.focus(level);
            int rowIndex = run.rowIndex(level);
            for (Cell cell : filled) {
                run.put(cell.at(), cell.of(focus, rowIndex));
            }
            return next.run(run);
        };
    }

    /** One after the other. */
    static RowStep union(List<RowStep> branches) {
        return run -> {
            for (RowStep branch : branches) {
                if (!branch.run(run)) {
                    return false;
                }
            }
            return true;
        };
    }

    /** For each that a path finds. */
    static RowStep forEach(int parent, Path path, int level, RowStep body) {
        return run -> {
            run.begin(level);
            return path.each(run.focus(parent), run.rowIndex(parent), value -> {
                run.next(level, value);
                return body.run(run);
            });
        };
    }

    /** The same, and something else where it finds nothing. */
    static RowStep forEachOrElse(int parent, Path path, int level, RowStep body, RowStep orElse) {
        RowStep forEach = forEach(parent, path, level, body);
        return run -> forEach.run(run) && (!run.isNothing(level) || orElse.run(run));
    }

    /** For each that paths find, and that they find from there, and so on. */
    static RowStep repeat(int parent, List<Path> paths, int level, RowStep body) {
        return run -> {
            run.begin(level);
            return descend(run, run.focus(parent), paths, level, body);
        };
    }

    private static boolean descend(Run run, Value from, List<Path> paths, int level, RowStep body) {
        for (Path path : paths) {
            boolean goesOn = path.each(from, 0, value -> {
                run.next(level, value);
                return body.run(run) && descend(run, value, paths, level, body);
            });
            if (!goesOn) {
                return false;
            }
        }
        return true;
    }
}
